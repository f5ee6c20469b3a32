"""The offline bake: a parameter file becomes pictures of a person who does not exist.

Blender (``bpy``) and the head and body geometry are tools of the bake, given by path; see
README.md.  Nothing here is installed with the product.
"""
