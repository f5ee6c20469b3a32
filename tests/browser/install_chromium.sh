#!/usr/bin/env bash
# Installs Chromium for the tests that play finished videos and open the studio in a real browser.
# It is a system package of Debian or Ubuntu, so it needs root; tests only, nothing of the product
# uses it.  Where Chromium is missing, those tests skip and say so.
#
# In a test, ask for the fixture `page` of tests/conftest.py: an empty page of Playwright's.
# A Chromium elsewhere is used if CHROMIUM names its executable.
set -euo pipefail

if command -v "${CHROMIUM:-chromium}" >/dev/null; then
  echo "Chromium is there: $(command -v "${CHROMIUM:-chromium}")"
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends chromium
chromium --version
