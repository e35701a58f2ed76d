#!/bin/sh
# Installs what packaging/files lists, or removes it.
# Usage: packaging/install.sh install PROGRAMS FOLDER [PACKAGE]   below FOLDER, say /usr/local; what one package has, or all
#        packaging/install.sh uninstall PROGRAMS FOLDER   the same files, and the folders that are empty then
#        packaging/install.sh tarball PROGRAMS FOLDER     as they stand in the tarball
set -eu
cd "$(dirname "$0")/.."
action=$1 programs=$2 folder=$3 wanted=${4:-}

# The files of a folder: those of the commit, or, in a copy that is no clone, what an example does not make itself.
files() {
    if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$(pwd -P)" ]; then
        git ls-files "$1"
    else
        find "$1" -type f ! -path '*/var/*' ! -path '*/__pycache__/*' | LC_ALL=C sort
    fi
}

# Mode, source and target of every file. A folder that is empty but for a .gitignore is a line of its own.
list() {
    package=daemonproxy
    sed -e 's/#.*//' -e '/^ *$/d' packaging/files | while read -r mode from installed flat; do
        if [ "$mode" = package ]; then
            package=$from
            continue
        fi
        [ -z "$wanted" ] || [ "$wanted" = "$package" ] || continue
        [ "$action" = tarball ] && to=$flat || to=$installed
        if [ "$mode" = tree ]; then
            files "$from" | while read -r file; do
                target=$to${file#"$from"}
                case $file in
                    */.gitignore) echo "folder - $(dirname "$target")" ;;
                    *) echo "$(test -x "$file" && echo 755 || echo 644) $file $target" ;;
                esac
            done
        else
            echo "$mode $from $to"
        fi
    done
}

list | while read -r mode from to; do
    case $from in @*) from=$programs${from#@} ;; esac
    if [ "$action" = uninstall ]; then
        [ "$mode" = folder ] && rmdir "$folder/$to" 2>/dev/null || rm -f "$folder/$to" 2>/dev/null || true
        # Only what is ours: share/doc/daemonproxy, the package of Python, and below. The other folders are everybody's.
        case $to in
            share/doc/daemonproxy/* | lib/python3/dist-packages/daemonproxy/*)
                rmdir -p --ignore-fail-on-non-empty "$(dirname "$folder/$to")" 2>/dev/null || true ;;
        esac
    elif [ "$mode" = folder ]; then
        install -d -m 755 "$folder/$to"
    else
        install -D -m "$mode" "$from" "$folder/$to"
    fi
done
