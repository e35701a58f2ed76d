#!/bin/sh
# Packs a project as a NuGet package. The same sources give the same bytes, wherever they are.
# Usage: packaging/pack.sh PROJECT FOLDER [ADDRESS-OF-THE-REPOSITORY]
set -eu
cd "$(dirname "$0")/.."
project=$1 folder=$2 repository=${3:-}
set --
[ -z "$repository" ] || set -- "-p:RepositoryUrl=$repository"
SOURCE_DATE_EPOCH=$(packaging/commit.sh epoch)
export SOURCE_DATE_EPOCH
commit=$(packaging/commit.sh)
commit=${commit%,*}
[ "$commit" = unknown ] || set -- "$@" "-p:RepositoryCommit=$commit" -p:RepositoryType=git
# The package of the spec compiler has the tool that makes the documents, which is no reference of it.
dotnet restore src/Daemonproxy.SpecTool --nologo -v quiet
dotnet pack "$project" -c "${CONFIGURATION:-Release}" --nologo -v quiet -o "$folder" "$@"
