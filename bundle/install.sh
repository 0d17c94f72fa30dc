#!/bin/sh
# Installs ocpprov from this folder, without internet and without touching anything but the place that is named:
#     ./install.sh ~/ocpprov
set -eu

usage() {
    cat <<END
usage: ./install.sh [--python PYTHON] FOLDER

Makes a virtual environment in FOLDER and installs ocpprov into it from the wheels beside this script.
Without --python, the newest of python3.13, python3.12, python3.11 and python3 is taken.
END
}

fail() {
    printf 'install.sh: %s\n' "$1" >&2
    exit "${2:-1}"
}

python=
target=
while [ $# -gt 0 ]; do
    case $1 in
    --python) [ $# -gt 1 ] || fail '--python needs the path of a Python' 2; python=$2; shift ;;
    --python=*) python=${1#--python=} ;;
    -h | --help) usage; exit 0 ;;
    -*) usage >&2; fail "no such option: $1" 2 ;;
    *) [ -z "$target" ] || fail "one folder only, not $target and $1" 2; target=$1 ;;
    esac
    shift
done
[ -n "$target" ] || { usage >&2; exit 2; }
case $target in /*) ;; *) target=$(pwd)/$target ;; esac
case $python in /*) ;; */*) python=$(pwd)/$python ;; esac

# Settings of the user's other Pythons, and another index in pip's own, must not reach in here.
unset PYTHONPATH PYTHONHOME PYTHONSTARTUP
PIP_CONFIG_FILE=/dev/null
export PIP_CONFIG_FILE

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cd -- "$here"

# A bundle with the sandbox fits one version only.
only=
[ ! -f python-version ] || only=$(cat python-version)

# Says "fits", or the version of a Python that doesn't, or nothing where it doesn't run at all.
fits() {
    "$1" -I -c '
import sys
version = "%d.%d" % sys.version_info[:2]
good = version == sys.argv[1] if sys.argv[1] else sys.version_info >= (3, 11)
print("fits" if good else version)' "$only" 2>/dev/null || true
}

wanted=${only:-3.11, 3.12 or 3.13}
if [ -n "$python" ]; then
    command -v "$python" >/dev/null 2>&1 || fail "there is no $python here; name a Python $wanted with --python"
    found=$(fits "$python")
    [ -n "$found" ] || fail "$python doesn't run as a Python; name a Python $wanted with --python"
    [ "$found" = fits ] || fail "$python is Python $found, and this needs $wanted; name another one with --python"
else
    seen=
    for each in python3.13 python3.12 python3.11 python3; do
        command -v "$each" >/dev/null 2>&1 || continue
        found=$(fits "$each")
        if [ "$found" = fits ]; then python=$each; break; fi
        [ -z "$found" ] || seen="$seen $each is $found,"
    done
    [ -n "$python" ] || fail "no Python $wanted on PATH (${seen:+found:$seen }looked for python3.13, python3.12, python3.11, python3); \
install one (RHEL: dnf install python3.11, Debian: apt install python3 python3-venv), or name one with --python"
fi

[ -f SHA256SUMS ] || fail 'SHA256SUMS is missing: unpack the archive again'
# By Python, because the words of sha256sum are those of the user's language, and not every system has it.
wrong=$("$python" -I -c '
import hashlib, os
listed = {}
for line in open("SHA256SUMS", encoding="utf-8"):
    digest, _, name = line.rstrip("\n").partition("  ")
    listed[name] = digest
used = {"requirements.txt", *("wheels/" + name for name in os.listdir("wheels"))}
used.update("man/man1/" + name for name in os.listdir("man/man1"))
for name in sorted(used.union(listed)):
    if not os.path.isfile(name):
        print("    " + name + " is missing")
    elif name not in listed:
        print("    " + name + " is not of the bundle")
    else:
        with open(name, "rb") as stream:
            if hashlib.sha256(stream.read()).hexdigest() != listed[name]:
                print("    " + name)
') || fail "the bundle can't be read; unpack the archive again"
[ -z "$wrong" ] || fail "these files are not what they were when the bundle was made; copy the archive again and compare its sum:
$wrong"

"$python" -I -c 'import ensurepip, venv' 2>/dev/null || fail "$python can't make virtual environments; install its package for that \
(Debian: apt install python3-venv), name another one with --python, or run ocpprov.pyz, which needs none"

if [ -e "$target" ] && [ -n "$(ls -A "$target" 2>/dev/null || echo no-folder)" ]; then
    fail "$target is there already; remove it first, or name another folder"
fi

# Half an installation would look like one.
trap 'rm -rf -- "$target"' EXIT
trap 'exit 130' INT TERM HUP
"$python" -I -m venv "$target" || fail "$python couldn't make a virtual environment in $target; see above"
"$target/bin/python" -I -m pip --isolated --disable-pip-version-check --no-cache-dir install --quiet --no-index --require-hashes \
    --find-links wheels --requirement requirements.txt || fail 'pip could not install the wheels; see above'
version=$("$target/bin/ocpprov" --version) || fail "what was installed in $target does not run; see above"

# Where bash, zsh, fish and man look beside a program that is on PATH, or may be told to.
completion() {
    mkdir -p -- "$target/share/$2"
    "$target/bin/ocpprov" completion "$1" >"$target/share/$2/$3" || fail "no completion for $1; see above"
}
completion bash bash-completion/completions ocpprov
completion zsh zsh/site-functions _ocpprov
completion fish fish/vendor_completions.d ocpprov.fish
mkdir -p -- "$target/share/man/man1"
cp man/man1/*.1 "$target/share/man/man1/"
trap - EXIT

cat <<END
$version is installed in $target.

Next:
    export PATH="$target/bin:\$PATH"
    cp "$here/plans/restricted-3az.yaml" prod.yaml    # then edit it; docs/how-to/write-a-plan.md says how
    ocpprov validate prod.yaml
    ocpprov preflight prod.yaml

Completion of commands and options, in bash: . "$target/share/bash-completion/completions/ocpprov"
(zsh and fish: see $target/share). The manual: man ocpprov

The documents are in $here/html/index.html.
To remove it again, remove $target. ocpprov keeps nothing else outside the folder where you run it but ~/.local/state/ocpprov.
END
