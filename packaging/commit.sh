#!/bin/sh
# Prints the commit that this is and its time, "HASH,TIME": of the clone, or of the archive of a commit, where
# git-archive(1) has written them into the file packaging/commit. In a copy of neither kind it is "unknown,unknown".
# With `epoch` it prints the time that files of a release have, in seconds: SOURCE_DATE_EPOCH if it is set, that of the
# commit, or the date of the version.
cd "$(dirname "$0")/.." || exit 1

commit() {
    if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$(pwd -P)" ]; then
        git log -1 --format=%H,%cI
    else
        case $(cat packaging/commit 2>/dev/null) in
            '' | *'$'*) echo unknown,unknown ;;
            *) cat packaging/commit ;;
        esac
    fi
}

if [ "${1:-}" = epoch ]; then
    time=$(commit)
    time=${time#*,}
    [ "$time" != unknown ] || time=$(sed -n 's:.*<ReleaseDate>\([0-9-]*\)</ReleaseDate>.*:\1:p' Directory.Build.props)
    echo "${SOURCE_DATE_EPOCH:-$(TZ=UTC date -d "$time" +%s)}"
else
    commit
fi
