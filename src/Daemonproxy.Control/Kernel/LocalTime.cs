namespace Daemonproxy.Control.Kernel;

/// <summary>
/// A second of the clock in the time zone of the machine, localtime_r(3): the time zones of .NET take a millisecond to
/// load.
/// </summary>
internal readonly record struct LocalTime(int Year, int Month, int Day, int Hour, int Minute, int Second)
{
    private const int FirstYear = 1900;

    public static unsafe LocalTime Of(long unixSeconds)
    {
        byte* place = stackalloc byte[NativeMethods.MostTimeBytes];
        int* time = (int*)place;
        return NativeMethods.localtime_r(&unixSeconds, place) == null
            ? default
            : new LocalTime(FirstYear + time[5], time[4] + 1, time[3], time[2], time[1], time[0]);
    }
}
