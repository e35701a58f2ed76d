using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Jobs.Outputs;

/// <summary>
/// Notifies readers that an output has grown: inotify(7), one watch for the folder, and only while a reader follows. If
/// the kernel has no watch left, a reader polls four times a second.
/// </summary>
internal sealed class OutputWatcher(string folder) : IDisposable
{
    /// <summary>The longest time that a reader waits before it polls again.</summary>
    private static readonly TimeSpan _usual = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _withoutWatch = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<SemaphoreSlim>> _readers = new(StringComparer.Ordinal);
    private FileSystemWatcher? _watcher;
    private bool _hasNoWatch;

    /// <summary>The time to wait for a change before polling anyway.</summary>
    public TimeSpan Patience => Volatile.Read(ref _hasNoWatch) ? _withoutWatch : _usual;

    /// <summary>A semaphore that is released when the file has changed; it begins released.</summary>
    public SemaphoreSlim Subscribe(string path)
    {
        var changed = new SemaphoreSlim(1);
        lock (_lock)
        {
            if (!_readers.TryGetValue(path, out List<SemaphoreSlim>? readers))
            {
                _readers.Add(path, readers = []);
            }

            readers.Add(changed);
            if (_readers.Count == 1 && readers.Count == 1)
            {
                Begin();
            }
        }

        return changed;
    }

    /// <summary>Ends a subscription.</summary>
    public void Unsubscribe(string path, SemaphoreSlim changed)
    {
        FileSystemWatcher? ended = null;
        lock (_lock)
        {
            if (_readers.TryGetValue(path, out List<SemaphoreSlim>? readers) && readers.Remove(changed)
                && readers.Count == 0)
            {
                _readers.Remove(path);
            }

            if (_readers.Count == 0)
            {
                ended = _watcher;
                _watcher = null;
            }
        }

        ended?.Dispose();
    }

    /// <summary>Wakes the readers of a file, as if it had changed: its job is over.</summary>
    public void Wake(string path)
    {
        lock (_lock)
        {
            if (_readers.TryGetValue(path, out List<SemaphoreSlim>? readers))
            {
                readers.ForEach(Release);
            }
        }
    }

    public void Dispose()
    {
        FileSystemWatcher? ended;
        lock (_lock)
        {
            ended = _watcher;
            _watcher = null;
        }

        ended?.Dispose();
    }

    private void Begin()
    {
        try
        {
            _watcher = new FileSystemWatcher(folder, "*.log")
            {
                NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.FileName,
            };
            _watcher.Changed += (_, change) => Wake(change.FullPath);
            _watcher.Created += (_, change) => Wake(change.FullPath);
            _watcher.Deleted += (_, change) => Wake(change.FullPath);
            _watcher.Error += (_, _) => WakeAll();
            _watcher.EnableRaisingEvents = true;
            Volatile.Write(ref _hasNoWatch, false);
        }
        catch (IOException)
        {
            // No instance or watch is left: see inotify(7), /proc/sys/fs/inotify.
            Volatile.Write(ref _hasNoWatch, true);
        }
    }

    private void WakeAll()
    {
        lock (_lock)
        {
            foreach (List<SemaphoreSlim> readers in _readers.Values)
            {
                readers.ForEach(Release);
            }
        }
    }

    // Several changes need one wake-up: the reader reads to the end.
    private static void Release(SemaphoreSlim changed)
    {
        if (changed.CurrentCount == 0)
        {
            changed.Release();
        }
    }
}
