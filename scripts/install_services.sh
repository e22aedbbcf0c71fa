#!/bin/sh
# Installs the servers that tests run against, where apt and root (or sudo) are at hand; elsewhere it says which are
# missing, and the tests that need them are skipped by name.
set -eu
missing=""
need() { # need COMMAND PACKAGE
	PATH="$PATH:/usr/sbin:/usr/lib/postgresql/bin" command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need dovecot dovecot-imapd
need redis-server redis-server
need chromium chromium
need tesseract tesseract-ocr
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
	echo "Not installed:$missing. There is no apt here; the tests that need them are skipped by name."
	exit 0
fi
if [ "$(id -u)" = 0 ]; then as_root=""; elif sudo -n true 2>/dev/null; then as_root="sudo"; else
	echo "Not installed:$missing. Neither root nor sudo is at hand; the tests that need them are skipped by name."
	exit 0
fi
echo "Installing$missing…"
log=$(mktemp)
# The packages' own services are not wanted: tests start private instances on free ports.
policy=/usr/sbin/policy-rc.d
made=""
[ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null; $as_root chmod +x "$policy"; made=yes; }
# shellcheck disable=SC2086
{ $as_root apt-get update && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1 ||
	{ tail -20 "$log"; echo "apt could not install$missing; the tests that need them are skipped by name."; }
[ -z "$made" ] || $as_root rm -f "$policy"
