using Daemonproxy.Access;
using Daemonproxy.Commands;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Logging;
using Daemonproxy.Processes;
using Daemonproxy.Protocol;
using Daemonproxy.Readiness;
using Daemonproxy.Rescue;
using Daemonproxy.Services;
using Daemonproxy.Shutdown;
using Daemonproxy.Signals;
using Daemonproxy.State;
using Daemonproxy.Upgrade;

namespace Daemonproxy.Startup;

/// <summary>
/// The components of a daemon over one image, new or resumed, wired with each other. It has no behaviour: the loop runs
/// them, and the rooms that start, resume and check a daemon prepare them.
/// </summary>
internal sealed class DaemonComponents
{
    public DaemonComponents(
        SystemCalls kernel, StateImage image, SharedLaunchData context, SignalSet counted)
    {
        Image = image;
        Statistics = new Statistics(image);
        Settings = new DaemonSettings(image);
        ShutdownState = new ShutdownState(image);
        Log = new Log(kernel, image, Statistics);
        SessionEnd sessionEnd = new(Settings, ShutdownState, Log);
        Helpers = new HelperTable(kernel, image, Statistics, Log);
        LogHelper logHelper = new(Helpers, Log);
        Log.SlowFiles = logHelper;
        Helpers.SetOwner(HelperTask.WriteLog, logHelper);
        LaunchThrottle pace = new(context.Processors);
        Access = new AccessPolicies(image);
        PeerMessages = new PeerMessages(kernel, Access, Log);
        Log.Peers = PeerMessages;
        Connections = new ConnectionTable(kernel, image, Statistics, Log, sessionEnd, Helpers, pace, Access);
        Helpers.SetOwner(HelperTask.WriteOutput, Connections);
        Sockets = new ControlSockets(kernel, image, Log, Connections, Helpers, Access);
        SocketCheck = new ControlSocketRenewal(Settings, Statistics, Sockets, Helpers, Log);
        Helpers.SetOwner(HelperTask.RenewControlSocket, SocketCheck);
        Fds = new FdTable(
            kernel,
            image,
            Statistics,
            Connections,
            Helpers.Closer,
            Access,
            TableCapacities.ClampFdText(Settings.MostFdText));
        Services = new ServiceTable(
            kernel, image, Statistics, Access, TableCapacities.ClampServiceText(Settings.MostServiceText));
        Access.Users = [Connections, Sockets];
        Signals = new PendingSignals(image, counted);
        DroppedSignalLog = new DroppedSignalLog(kernel, Log);
        NotifyTable = new NotifyTable(kernel, image);
        NotifyFileCleanup notifyFiles = new(NotifyTable, Helpers, context);
        ServiceReadiness = MakeReadiness(kernel, context, notifyFiles, out NotifyHandler handler);
        DescriptorTriggers inputs = new(kernel, Services, Fds, Connections, Log);
        TriggerEvaluator triggers = new(Services, Signals, inputs);
        RunLog = new RunLog(kernel, Services, Log);
        ServiceManager = new ServiceManager(
            kernel, image, Statistics, Services, triggers, Connections, Helpers, ServiceReadiness, RunLog, Log);
        Helpers.SetOwner(HelperTask.WalkTrees, ServiceManager);
        Connections.Controllers = ServiceManager;
        handler.Stops = ServiceManager;
        LaunchSlots = new LaunchSlots(kernel, image, Statistics, Fds, context, pace);
        ServiceConnections connections = new(kernel, Connections);
        CgroupPreparation = new CgroupPreparation(kernel, Settings, Services, Helpers);
        Helpers.SetOwner(HelperTask.MakeGroup, CgroupPreparation);
        SocketRenewal renewal = new(kernel, Fds, Helpers, Connections, Log);
        inputs.Keeper = renewal;
        Helpers.SetOwner(HelperTask.RenewSocket, renewal);
        ListenerPreparation listeners = new(kernel, Services, Fds, renewal, Connections, Log);
        ServiceLauncher = new ServiceLauncher(
            kernel, image, Services, ServiceManager, LaunchSlots, ServiceReadiness, CgroupPreparation, listeners,
            renewal, connections);
        Reaper = new Reaper(kernel, image, Statistics, Log, ServiceLauncher, Helpers);
        Report = new ErrorReporter(kernel, Log);
        UpgradeSequence = new UpgradeSequence(kernel, image, Fds, Connections, Helpers, Report);
        Rescue = new RescueService(
            kernel, Settings, ShutdownState, Signals, Services, Connections, Sockets, Helpers, Log);
        Helpers.SetOwner(HelperTask.FindRescue, Rescue);
        Runner = MakeRunner(kernel, triggers.Inputs);
        DaemonAttributes = new DaemonAttributes(kernel, Settings, Log);
        ExecOnExit = new ExecOnExit(kernel, context);
        SupervisorNotice = new SupervisorNotice(kernel, Connections, ShutdownState);
        SocketFileCleanup files = new(kernel, Fds, Helpers, notifyFiles);
        UnrecordedDescriptors = new UnrecordedDescriptors(kernel, this);
        ExitSequence = new ExitSequence(
            kernel, ShutdownState, Log, Connections, Services, Fds, Sockets, files, ExecOnExit);
    }

    // Everything that commands need.
    private CommandRunner MakeRunner(SystemCalls kernel, DescriptorTriggers inputs)
    {
        CommandContext context = new(Connections.All[0]);
        CommandHelper helper = new(context, Helpers);
        CommandHandlers handlers = new(
            new CommandLookup(context, helper, Services, Fds, Sockets, Access, Signals),
            new ConnectionCommands(context, kernel, Connections, Fds, Log, Statistics, Settings, Sockets),
            new ServiceCommands(
                context, kernel, Connections, Services, ServiceManager, ServiceLauncher, helper, inputs, Fds,
                Access, Report, RunLog),
            new FdCommands(context, kernel, Fds, helper, Connections),
            new ControlSocketCommands(kernel, Sockets, Access, helper, Connections),
            new ProcessCommands(context, Image, Signals, ShutdownState, UpgradeSequence, helper));
        StateDump dump = new(kernel, Fds, Services, Signals, Sockets, Access);
        ConfigEnd configEnd = new(Connections, Services, Sockets, Settings, ShutdownState, Rescue, Log);
        return new CommandRunner(
            Image,
            Statistics,
            Connections,
            Helpers,
            dump,
            context,
            handlers,
            configEnd,
            Settings,
            Access,
            ShutdownState,
            Report,
            Log);
    }

    // All kinds of readiness reports of services.
    private ServiceReadiness MakeReadiness(
        SystemCalls kernel, SharedLaunchData context, NotifyFileCleanup files, out NotifyHandler handler)
    {
        ReadinessMarker ready = new(Image, Services, Connections);
        DescriptorStore store = new(kernel, Services, Fds, Access, Helpers.Closer, Connections);
        handler = new NotifyHandler(
            kernel, Image, Services, NotifyTable, ready, store, Helpers.Closer, Connections, Log);
        NotifySockets notify = new(kernel, Image, Services, NotifyTable, handler, files, context);
        return new ServiceReadiness(kernel, Services, ready, notify);
    }

    public StateImage Image { get; }

    public Statistics Statistics { get; }

    public DaemonSettings Settings { get; }

    public ShutdownState ShutdownState { get; }

    public Log Log { get; }

    public PeerMessages PeerMessages { get; }

    public HelperTable Helpers { get; }

    public ConnectionTable Connections { get; }

    public AccessPolicies Access { get; }

    public ControlSockets Sockets { get; }

    public ControlSocketRenewal SocketCheck { get; }

    public FdTable Fds { get; }

    public ServiceTable Services { get; }

    public PendingSignals Signals { get; }

    public DroppedSignalLog DroppedSignalLog { get; }

    public NotifyTable NotifyTable { get; }

    public ServiceReadiness ServiceReadiness { get; }

    public RunLog RunLog { get; }

    public RescueService Rescue { get; }

    public ServiceManager ServiceManager { get; }

    public CgroupPreparation CgroupPreparation { get; }

    public LaunchSlots LaunchSlots { get; }

    public ServiceLauncher ServiceLauncher { get; }

    public Reaper Reaper { get; }

    public ErrorReporter Report { get; }

    public UpgradeSequence UpgradeSequence { get; }

    public CommandRunner Runner { get; }

    public DaemonAttributes DaemonAttributes { get; }

    public ExecOnExit ExecOnExit { get; }

    public SupervisorNotice SupervisorNotice { get; }

    public UnrecordedDescriptors UnrecordedDescriptors { get; }

    public ExitSequence ExitSequence { get; }

    /// <summary>Makes sure that the small regions, which every turn uses, can be touched.</summary>
    public bool TryReserve() =>
        Settings.TryReserve() && Statistics.TryReserve() && Signals.TryReserve() && Log.TryReserve()
        && Connections.TryReserve()
        && Image.ReserveRegions(RegionId.ControlSocket, RegionId.Helpers) == Errno.None
        && UpgradeSequence.TryReserve() && LaunchSlots.TryReserve() && Helpers.TryReserve() && Sockets.TryReserve();
}
