using System.Runtime.CompilerServices;
using Daemonproxy.Connections;
using Daemonproxy.Services;
using Daemonproxy.State;
using Xunit;

namespace Daemonproxy.Tests.Units;

/// <summary>
/// Fields of records that lie in what was padding before: those behind them have the places of earlier builds, whose
/// images are resumed.
/// </summary>
public sealed class ImageRecordTests
{
    [Fact]
    public void AConnectionsFieldsKeepTheirPlaces()
    {
        ConnectionRecord record = default;
        ref int first = ref record.GivenEnd;
        Assert.Equal(4, Distance(ref first, ref record.GivenBlocking));
        Assert.Equal(7, Distance(ref first, ref record.Access));
        Assert.Equal(8, Distance(ref first, ref record.WaitsForCopy));
        Assert.Equal(9, Distance(ref first, ref record.IsOutputSlow));
        Assert.Equal(10, Distance(ref first, ref record.SourceBlocking));
        Assert.Equal(12, Distance(ref first, ref record.Handed));
    }

    [Fact]
    public void TheDaemonsFieldsKeepTheirPlaces()
    {
        DaemonRecord record = default;
        ref bool first = ref record.MayBeInLeaf;
        Assert.Equal(1, Distance(ref first, ref record.Rescue));
        Assert.Equal(2, Distance(ref first, ref record.HasRescueShell));
        Assert.Equal(3, Distance(ref first, ref record.IsReleased));
        Assert.Equal(4, Distance(ref first, ref record.ErrorAside));
        Assert.Equal(0, Unsafe.SizeOf<DaemonRecord>() % 8);
    }

    [Fact]
    public void AServicesFieldsKeepTheirPlaces()
    {
        ServiceRecord record = default;
        ref int first = ref record.EndsLeftOut;
        Assert.Equal(4, Distance(ref first, ref record.EndsLogged));
        Assert.Equal(5, Distance(ref first, ref record.Access));
        Assert.Equal(6, Distance(ref first, ref record.FailuresLogged));
        Assert.Equal(7, Distance(ref first, ref record.IsFailureLeftOut));
        Assert.Equal(0, Unsafe.SizeOf<ServiceRecord>() % 8);
    }

    private static nint Distance<TFirst, T>(ref TFirst first, ref T field) =>
        Unsafe.ByteOffset(ref Unsafe.As<TFirst, byte>(ref first), ref Unsafe.As<T, byte>(ref field));
}
