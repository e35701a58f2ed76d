using System.Collections.Generic;
using Daemonproxy.Protocol;
using Daemonproxy.Tests.Simulation;
using Xunit;

namespace Daemonproxy.Tests.Units;

/// <summary>An event is announced together with the object that it is about.</summary>
public sealed class EventSubjectTests
{
    [Fact]
    public void TheKindsOfSubjectsAreDistinguished()
    {
        EventSubject[] subjects =
        [
            EventSubject.None, EventSubject.Of(new ServiceIndex(7)), EventSubject.Of(new FdIndex(7)),
            EventSubject.Of(new Signal(7)),
        ];
        Assert.Equal(
            [SubjectKind.None, SubjectKind.Service, SubjectKind.Descriptor, SubjectKind.Signal],
            System.Array.ConvertAll(subjects, subject => subject.Kind));
        Assert.All(subjects[1..], subject => Assert.Equal(7, subject.Index));
    }

    [Fact]
    public void ASignalIsAnnouncedWithItsNumber()
    {
        using SimWorld world = new();
        world.Start("-i");
        Recorder recorder = new();
        world.Kernel.Raise(new Signal(Signal.SIGHUP));
        world.Running.Signals.Announce(recorder);
        EventSubject subject = Assert.Single(recorder.Subjects);
        Assert.Equal(SubjectKind.Signal, subject.Kind);
        Assert.Equal(Signal.SIGHUP, subject.Index);
    }

    private sealed class Recorder : IAnnouncer
    {
        private readonly byte[] _scratch = new byte[Limits.LongestEvent];

        public List<EventSubject> Subjects { get; } = [];

        public LineWriter Begin() => new(_scratch);

        public void Announce(EventSubject subject, scoped in LineWriter line) => Subjects.Add(subject);

        public void Forget(EventSubject subject)
        {
        }
    }
}
