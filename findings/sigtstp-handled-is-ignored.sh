#!/bin/sh
# .NET 10.0.12: a handler of PosixSignalRegistration for SIGTSTP that does not set Cancel does not let the process stop: once
# a program has registered one, ^Z does nothing at all, as if Cancel had been set. The documentation of
# PosixSignalContext.Cancel says that the default handling of the signal follows unless it is cancelled, and for SIGINT,
# SIGTERM, SIGHUP and SIGQUIT that is so. A program that wants to tidy its terminal before it stops has to set the
# disposition to SIG_DFL, raise the signal again, and restore the disposition when it is continued.
#
# Seen: the handler ran, and two seconds later the process is still running; without a handler the same program stops.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
cat >finding.csproj <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <RuntimeFrameworkVersion>10.0.12</RuntimeFrameworkVersion>
    <UseAppHost>false</UseAppHost>
  </PropertyGroup>
</Project>
PROJECT
cat >Program.cs <<'CODE'
using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;

using var registration = args[0] == "handled"
    ? PosixSignalRegistration.Create(PosixSignal.SIGTSTP, _ => File.WriteAllText("told", ""))
    : null;
File.WriteAllText("ready", "");
Thread.Sleep(Timeout.Infinite);
CODE
dotnet build -c Release -o out >log 2>&1 || { cat log; exit 1; }
echo ".NET $(dotnet --list-runtimes | sed -n 's/^Microsoft.NETCore.App \([^ ]*\).*/\1/p' | tail -1)"
for how in handled usual; do
    rm -f ready told
    # In a process group of its own, whose leader's parent can continue it: an orphaned group is never stopped.
    python3 - "$how" <<'PYTHON'
import os, signal, subprocess, sys, time
process = subprocess.Popen(["dotnet", "out/finding.dll", sys.argv[1]], process_group=0)
while not os.path.exists("ready"):
    time.sleep(0.05)
process.send_signal(signal.SIGTSTP)
time.sleep(2)
state = open(f"/proc/{process.pid}/stat").read().rsplit(")", 1)[1].split()[0]
told = "handler ran" if os.path.exists("told") else "no handler"
print(f"{sys.argv[1]}: {told}, {'stopped' if state == 'T' else 'runs'}")
process.kill()
process.wait()
PYTHON
done | tee output
printf 'handled: handler ran, runs\nusual: no handler, stopped\n' | cmp - output
