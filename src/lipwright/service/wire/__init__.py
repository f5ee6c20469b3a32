"""Creatify's bodies <-> our orders and jobs.  The only package with their field names.

Unknown fields are ignored, nulls and blanks mean "not given", and every wrong field is named in
one answer, in the words of Django REST Framework.  One module for each of the API's things.
"""
