using System;

namespace Daemonproxy.PowerCommands;

/// <summary>When a machine is to end: in some minutes, or at a time of the day.</summary>
internal readonly struct PowerTime
{
    private const int MinutesOfDay = 24 * 60;

    // More than a year.
    private const int MostMinutes = 1_000_000;

    private readonly int _minutes;
    private readonly bool _isTimeOfDay;

    private PowerTime(int minutes, bool isTimeOfDay)
    {
        _minutes = minutes;
        _isTimeOfDay = isTimeOfDay;
    }

    public static PowerTime Now => default;

    /// <summary><c>now</c>, <c>+MINUTES</c>, <c>MINUTES</c> or <c>HH:MM</c>.</summary>
    public static bool TryParse(string text, out PowerTime time)
    {
        time = Now;
        int colon = text.IndexOf(':');
        if (colon >= 0)
        {
            bool isTime = TryNumber(text.AsSpan(0, colon), 23, out int hour)
                & TryNumber(text.AsSpan(colon + 1), 59, out int minute);
            time = new PowerTime((hour * 60) + minute, isTimeOfDay: true);
            return isTime;
        }

        if (text == "now")
        {
            return true;
        }

        ReadOnlySpan<char> digits = text.StartsWith('+') ? text.AsSpan(1) : text;
        bool isNumber = TryNumber(digits, MostMinutes, out int minutes);
        time = new PowerTime(minutes, isTimeOfDay: false);
        return isNumber;
    }

    /// <summary>The minutes from now on.</summary>
    /// <param name="minuteOfDay">The time of the day in minutes, from 0 to 1,439.</param>
    public int MinutesFrom(int minuteOfDay) =>
        _isTimeOfDay ? (_minutes - minuteOfDay + MinutesOfDay) % MinutesOfDay : _minutes;

    // Without the number formats of a culture, which would be in the program only for this.
    private static bool TryNumber(ReadOnlySpan<char> digits, int most, out int number)
    {
        number = 0;
        foreach (char digit in digits)
        {
            if (!char.IsAsciiDigit(digit) || number > most)
            {
                return false;
            }

            number = (number * 10) + digit - '0';
        }

        return !digits.IsEmpty && number <= most;
    }
}
