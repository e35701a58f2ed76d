// Runs in a helper, which is a cloned child: the conditions in SignalSafeCalls.cs hold for all of this file, and
// it calls nothing but RawCalls and MountCalls.
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>The path of a control group in its file system, which is made longer and shorter again.</summary>
internal unsafe struct CgroupDirectory
{
    private const int DirectoryMode = 0x1ED;
    private const int SwitchDirectory = 0x200;

    // The next change of the contents, and no other: inotify(7).
    private const uint IN_MODIFY = 0x2;
    private const uint IN_ONESHOT = 0x8000_0000;
    private byte* _text;
    private int _size;

    /// <summary>The length without the NUL.</summary>
    public int Length;

    /// <summary>Begins with nothing, in some room.</summary>
    public void Begin(byte* room, int size)
    {
        _text = room;
        _size = size;
        Length = 0;
        _text[0] = 0;
    }

    public readonly byte* Text => _text;

    /// <summary>Adds a text; what does not fit is left out, and the file is not found then.</summary>
    public void Append(byte* text)
    {
        while (*text != 0 && Length < _size - 1)
        {
            _text[Length++] = *text++;
        }

        _text[Length] = 0;
    }

    /// <summary>Adds a slash, unless there is one, and a text up to an ending byte.</summary>
    public void AppendPart(byte* text, byte ending = 0)
    {
        if (Length < _size - 1 && (Length == 0 || _text[Length - 1] != (byte)'/'))
        {
            _text[Length++] = (byte)'/';
        }

        while (*text != 0 && *text != ending && Length < _size - 1)
        {
            _text[Length++] = *text++;
        }

        _text[Length] = 0;
    }

    public void AppendNumber(long number)
    {
        byte* digits = stackalloc byte[24];
        WriteNumber(digits, number);
        Append(digits);
    }

    /// <summary>Cuts it to a length that it had.</summary>
    public void Cut(int length)
    {
        Length = length;
        _text[length] = 0;
    }

    /// <summary>mkdir(2).</summary>
    public readonly nint MakeDirectory() => MountCalls.MakeDirectory(_text, DirectoryMode);

    /// <summary>rmdir(2).</summary>
    public readonly nint Remove() =>
        RawCalls.Call(RawCalls.Number(263, 35), AT_FDCWD, (nint)_text, SwitchDirectory, 0, 0);

    /// <summary>Writes a text into a file of the group, at once.</summary>
    public nint Write(byte* file, byte* text)
    {
        int length = Length;
        AppendPart(file);
        int fd = RawCalls.OpenToWrite(_text);
        Cut(length);
        if (fd < 0)
        {
            return fd;
        }

        nint count = 0;
        while (text[count] != 0)
        {
            count++;
        }

        nint result = RawCalls.TryWrite(fd, text, count);
        RawCalls.Close(fd);
        return result;
    }

    /// <summary>Opens a file of the group to be read, or the group itself; below 0 on failure.</summary>
    public int Open(byte* file)
    {
        int length = Length;
        if (*file != 0)
        {
            AppendPart(file);
        }

        int fd = RawCalls.OpenToRead(_text);
        Cut(length);
        return fd;
    }

    /// <summary>Reads the beginning of a file of the group, ended by NUL.</summary>
    public nint Read(byte* file, byte* into, int size)
    {
        int fd = Open(file);
        nint count = fd < 0 ? fd : RawCalls.ReadAt(fd, into, size - 1, 0);
        into[count < 0 ? 0 : count] = 0;
        if (fd >= 0)
        {
            RawCalls.Close(fd);
        }

        return count;
    }

    /// <summary>Watches a file of the group until it changes, inotify_add_watch(2).</summary>
    public void Watch(byte* file, FdNumber watch)
    {
        int length = Length;
        uint mask = IN_MODIFY | IN_ONESHOT;
        AppendPart(file);
        RawCalls.Call(RawCalls.Number(254, 27), watch.Value, (nint)_text, (nint)mask, 0, 0);
        Cut(length);
    }

    /// <summary>Writes decimal digits and a NUL, of a number from 0 on.</summary>
    public static void WriteNumber(byte* at, long number)
    {
        int length = 1;
        for (long rest = number; rest >= 10; rest /= 10)
        {
            length++;
        }

        at[length] = 0;
        for (; length > 0; number /= 10)
        {
            at[--length] = (byte)('0' + (number % 10));
        }
    }

    /// <summary>The number with which a text begins, and where it ends.</summary>
    public static int ReadNumber(byte** at)
    {
        int number = 0;
        for (; **at is >= (byte)'0' and <= (byte)'9'; ++*at)
        {
            number = (number * 10) + **at - '0';
        }

        return number;
    }

    /// <summary>The position of a text in another one; null if there is none.</summary>
    public static byte* Find(byte* text, byte* wanted)
    {
        while (*text != 0 && !BeginsWith(text, wanted))
        {
            text++;
        }

        return *text == 0 ? null : text;
    }

    /// <summary>True if two texts are the same.</summary>
    public static bool IsSame(byte* one, byte* other) => BeginsWith(one, other) && BeginsWith(other, one);

    /// <summary>True if a text begins with another one.</summary>
    public static bool BeginsWith(byte* text, byte* start)
    {
        while (*start != 0 && *start == *text)
        {
            start++;
            text++;
        }

        return *start == 0;
    }

    /// <summary>The part after the last slash.</summary>
    public readonly byte* LastPart()
    {
        byte* at = _text + Length;
        while (at > _text && at[-1] != (byte)'/')
        {
            at--;
        }

        return at;
    }
}
