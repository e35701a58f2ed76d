namespace Daemonproxy.Generators.Model;

/// <summary>
/// The public types of the namespaces of .NET that hand-written code usually has in scope. A declared type that is
/// called like one of them would make each use of it ambiguous.
/// </summary>
internal static class DotNetTypes
{
    /// <summary>Separated by blanks.</summary>
    public const string Names =
        """
        ASCIIEncoding AbandonedMutexException AccessViolationException AccessedThroughPropertyAttribute Action Activator
        Activity ActivityChangedEventArgs ActivityContext ActivityCreationOptions ActivityEvent ActivityIdFormat
        ActivityKind ActivityLink ActivityListener ActivitySamplingResult ActivitySource ActivitySourceOptions
        ActivitySpanId ActivityStatusCode ActivityTagsCollection ActivityTraceFlags ActivityTraceId AggregateException
        AllowNullAttribute AllowReversePInvokeCallsAttribute AmbiguousMatchException ApartmentState AppContext AppDomain
        AppDomainSetup AppDomainUnloadedException ApplicationException ApplicationId Architecture ArgIterator
        ArgumentException ArgumentNullException ArgumentOutOfRangeException ArithmeticException Array ArrayBufferWriter
        ArrayList ArrayPool ArraySegment ArrayTypeMismatchException ArrayWithOffset Ascii Assembly
        AssemblyAlgorithmIdAttribute AssemblyCompanyAttribute AssemblyConfigurationAttribute AssemblyContentType
        AssemblyCopyrightAttribute AssemblyCultureAttribute AssemblyDefaultAliasAttribute AssemblyDelaySignAttribute
        AssemblyDescriptionAttribute AssemblyExtensions AssemblyFileVersionAttribute AssemblyFlags
        AssemblyFlagsAttribute AssemblyHashAlgorithm AssemblyInformationalVersionAttribute AssemblyKeyFileAttribute
        AssemblyKeyNameAttribute AssemblyLoadEventArgs AssemblyLoadEventHandler AssemblyMetadataAttribute AssemblyName
        AssemblyNameFlags AssemblyNameProxy AssemblyProductAttribute AssemblySignatureKeyAttribute
        AssemblyTitleAttribute AssemblyTrademarkAttribute AssemblyVersionAttribute AsyncCallback AsyncEnumerable
        AsyncFlowControl AsyncHelpers AsyncIteratorMethodBuilder AsyncIteratorStateMachineAttribute AsyncLocal
        AsyncLocalValueChangedArgs AsyncMethodBuilderAttribute AsyncStateMachineAttribute AsyncTaskMethodBuilder
        AsyncValueTaskMethodBuilder AsyncVoidMethodBuilder Attribute AttributeTargets AttributeUsageAttribute
        AutoResetEvent AutomationProxyAttribute BStrWrapper BadImageFormatException Barrier BarrierPostPhaseException
        Base64 Base64FormattingOptions Base64Url BestFitMappingAttribute BigInteger BinaryPrimitives BinaryReader
        BinaryWriter Binder BindingFlags BitArray BitConverter BitOperations Boolean BooleanSwitch
        BoundedChannelFullMode BoundedChannelOptions Buffer BufferedStream BuffersExtensions Byte CLSCompliantAttribute
        CLong COMException CULong Calendar CalendarAlgorithmType CalendarWeekRule CallConvCdecl CallConvFastcall
        CallConvMemberFunction CallConvStdcall CallConvSuppressGCTransition CallConvSwift CallConvThiscall CallSite
        CallSiteBinder CallSiteHelpers CallerArgumentExpressionAttribute CallerFilePathAttribute
        CallerLineNumberAttribute CallerMemberNameAttribute CallingConvention CallingConventions CancellationToken
        CancellationTokenRegistration CancellationTokenSource CannotUnloadAppDomainException CaseInsensitiveComparer
        CaseInsensitiveHashCodeProvider Channel ChannelClosedException ChannelOptions ChannelReader ChannelWriter Char
        CharEnumerator CharSet CharUnicodeInfo ChineseLunisolarCalendar ClassInterfaceAttribute ClassInterfaceType
        CoClassAttribute CodePagesEncodingProvider CollectionBase CollectionBuilderAttribute CollectionExtensions
        CollectionsMarshal ComAliasNameAttribute ComAwareEventInfo ComCompatibleVersionAttribute
        ComConversionLossAttribute ComDefaultInterfaceAttribute ComEventInterfaceAttribute ComEventsHelper
        ComImportAttribute ComInterfaceType ComMemberType ComRegisterFunctionAttribute ComSourceInterfacesAttribute
        ComUnregisterFunctionAttribute ComVisibleAttribute ComWrappers CompareInfo CompareOptions Comparer Comparison
        CompilationRelaxations CompilationRelaxationsAttribute CompilerFeatureRequiredAttribute
        CompilerGeneratedAttribute CompilerGlobalScopeAttribute CompilerLoweringPreserveAttribute
        CompilerMarshalOverride Complex CompositeFormat CompressedStack ConcurrentExclusiveSchedulerPair
        ConditionalAttribute ConditionalWeakTable ConfigureAwaitOptions ConfiguredAsyncDisposable
        ConfiguredCancelableAsyncEnumerable ConfiguredTaskAwaitable ConfiguredValueTaskAwaitable Console
        ConsoleCancelEventArgs ConsoleCancelEventHandler ConsoleColor ConsoleKey ConsoleKeyInfo ConsoleModifiers
        ConsoleSpecialKey ConsoleTraceListener ConstantExpectedAttribute ConstructorInfo ConstructorInvoker
        ContextBoundObject ContextCallback ContextMarshalException ContextStaticAttribute ContractHelper Convert
        Converter CorrelationManager CountdownEvent CppInlineNamespaceAttribute CreateComInterfaceFlags
        CreateNewOnMetadataUpdateAttribute CreateObjectFlags CreatedWrapperFlags CriticalHandle CultureInfo
        CultureNotFoundException CultureTypes CurrencyWrapper CustomAttributeData CustomAttributeExtensions
        CustomAttributeFormatException CustomAttributeNamedArgument CustomAttributeTypedArgument CustomConstantAttribute
        CustomQueryInterfaceMode CustomQueryInterfaceResult DBNull DataMisalignedException DataReceivedEventArgs
        DataReceivedEventHandler DateOnly DateTime DateTimeConstantAttribute DateTimeFormatInfo DateTimeKind
        DateTimeOffset DateTimeStyles DayOfWeek DaylightTime Debug DebugInfoGenerator DebuggableAttribute Debugger
        DebuggerBrowsableAttribute DebuggerBrowsableState DebuggerDisableUserUnhandledExceptionsAttribute
        DebuggerDisplayAttribute DebuggerHiddenAttribute DebuggerNonUserCodeAttribute DebuggerStepThroughAttribute
        DebuggerStepperBoundaryAttribute DebuggerTypeProxyAttribute DebuggerVisualizerAttribute Decimal
        DecimalConstantAttribute DeclarativeSecurityAction Decoder DecoderExceptionFallback
        DecoderExceptionFallbackBuffer DecoderFallback DecoderFallbackBuffer DecoderFallbackException
        DecoderReplacementFallback DecoderReplacementFallbackBuffer DefaultCharSetAttribute DefaultDependencyAttribute
        DefaultDllImportSearchPathsAttribute DefaultInterpolatedStringHandler DefaultMemberAttribute
        DefaultParameterValueAttribute DefaultTraceListener Delegate DelimitedListTraceListener DependencyAttribute
        DiagnosticListener DiagnosticMethodInfo DiagnosticSource Dictionary DictionaryBase DictionaryEntry DigitShapes
        Directory DirectoryInfo DirectoryNotFoundException DisablePrivateReflectionAttribute
        DisableRuntimeMarshallingAttribute DisallowNullAttribute DiscardableAttribute DispIdAttribute DispatchProxy
        DispatchWrapper DistributedContextPropagator DivideByZeroException DllImportAttribute DllImportResolver
        DllImportSearchPath DllNotFoundException DoesNotReturnAttribute DoesNotReturnIfAttribute Double DriveInfo
        DriveNotFoundException DriveType DuplicateWaitObjectException DynamicAttribute DynamicDependencyAttribute
        DynamicInterfaceCastableImplementationAttribute DynamicallyAccessedMemberTypes
        DynamicallyAccessedMembersAttribute EastAsianLunisolarCalendar Encoder EncoderExceptionFallback
        EncoderExceptionFallbackBuffer EncoderFallback EncoderFallbackBuffer EncoderFallbackException
        EncoderReplacementFallback EncoderReplacementFallbackBuffer Encoding EncodingExtensions EncodingInfo
        EncodingProvider EndOfStreamException EntryPointNotFoundException Enum Enumerable EnumerableExecutor
        EnumerableQuery EnumerationOptions EnumeratorCancellationAttribute Environment EnvironmentVariableTarget
        EqualityComparer ErrorEventArgs ErrorEventHandler ErrorWrapper EventArgs EventAttributes EventHandler EventInfo
        EventInfoExtensions EventResetMode EventTypeFilter EventWaitHandle EventWaitHandleAcl Exception
        ExceptionHandlingClause ExceptionHandlingClauseOptions ExceptionRecorder ExcludeFromCodeCoverageAttribute
        ExecutionContext ExecutionEngineException ExperimentalAttribute ExtensionAttribute ExtensionMarkerAttribute
        ExternalException FeatureGuardAttribute FeatureSwitchDefinitionAttribute FieldAccessException FieldAttributes
        FieldInfo FieldOffsetAttribute File FileAccess FileAttributes FileInfo FileLoadException FileMode
        FileNotFoundException FileOptions FileShare FileStream FileStreamOptions FileStyleUriParser
        FileSystemAclExtensions FileSystemEventArgs FileSystemEventHandler FileSystemInfo FileSystemWatcher
        FileVersionInfo FixedAddressValueTypeAttribute FixedBufferAttribute FlagsAttribute FormatException
        FormattableString FormattableStringFactory FtpStyleUriParser Func GC GCCollectionMode GCGenerationInfo GCHandle
        GCHandleExtensions GCHandleType GCKind GCMemoryInfo GCNotificationStatus GenericParameterAttributes
        GenericUriParser GenericUriParserOptions GlobalizationExtensions GopherStyleUriParser GregorianCalendar
        GregorianCalendarTypes Guid GuidAttribute Half HandleCollector HandleInheritability HandleRef
        HasCopySemanticsAttribute HashCode HashSet Hashtable HebrewCalendar HijriCalendar HostExecutionContext
        HostExecutionContextManager HttpStyleUriParser IAdditionOperators IAdditiveIdentity IAlternateEqualityComparer
        IAsyncDisposable IAsyncEnumerable IAsyncEnumerator IAsyncResult IAsyncStateMachine IBinaryFloatingPointIeee754
        IBinaryInteger IBinaryNumber IBitwiseOperators IBufferWriter ICloneable ICollection IComparable IComparer
        IComparisonOperators IConvertible ICriticalNotifyCompletion ICustomAdapter ICustomAttributeProvider
        ICustomFactory ICustomFormatter ICustomMarshaler ICustomQueryInterface ICustomTypeProvider IDecrementOperators
        IDictionary IDictionaryEnumerator IDispatchConstantAttribute IDisposable IDivisionOperators
        IDynamicInterfaceCastable IEnumerable IEnumerator IEqualityComparer IEqualityOperators IEquatable
        IExponentialFunctions IFloatingPoint IFloatingPointConstants IFloatingPointIeee754 IFormatProvider IFormattable
        IGrouping IHashCodeProvider IHyperbolicFunctions IImmutableDictionary IImmutableList IImmutableQueue
        IImmutableSet IImmutableStack IIncrementOperators IList ILogarithmicFunctions ILookup IMemoryOwner IMinMaxValue
        IModulusOperators IMultiplicativeIdentity IMultiplyOperators INotifyCompletion INumber INumberBase
        IOCompletionCallback IOException IObservable IObserver IOrderedAsyncEnumerable IOrderedEnumerable
        IOrderedQueryable IParsable IPinnable IPowerFunctions IProgress IQueryProvider IQueryable IReadOnlyCollection
        IReadOnlyDictionary IReadOnlyList IReadOnlySet IReflect IReflectableType IRootFunctions IRuntimeVariables
        ISOWeek IServiceProvider ISet IShiftOperators ISignedNumber ISpanFormattable ISpanParsable IStrongBox
        IStructuralComparable IStructuralEquatable ISubtractionOperators IThreadPoolWorkItem ITimer
        ITrigonometricFunctions ITuple IUnaryNegationOperators IUnaryPlusOperators IUnknownConstantAttribute
        IUnsignedNumber IUtf8SpanFormattable IUtf8SpanParsable IdnMapping ImageFileMachine ImmutableArray
        ImmutableArrayExtensions ImmutableCollectionsMarshal ImmutableDictionary ImmutableHashSet ImmutableInterlocked
        ImmutableList ImmutableQueue ImmutableSortedDictionary ImmutableSortedSet ImmutableStack
        ImportedFromTypeLibAttribute InAttribute Index IndexOutOfRangeException IndexerNameAttribute
        InitializingSwitchEventArgs InitializingTraceSourceEventArgs InlineArray10 InlineArray11 InlineArray12
        InlineArray13 InlineArray14 InlineArray15 InlineArray16 InlineArray2 InlineArray3 InlineArray4 InlineArray5
        InlineArray6 InlineArray7 InlineArray8 InlineArray9 InlineArrayAttribute InsufficientExecutionStackException
        InsufficientMemoryException Int128 Int16 Int32 Int64 IntPtr InterfaceMapping InterfaceTypeAttribute Interlocked
        InternalBufferOverflowException InternalsVisibleToAttribute InterpolatedStringHandlerArgumentAttribute
        InterpolatedStringHandlerAttribute IntrospectionExtensions InvalidCastException InvalidComObjectException
        InvalidDataException InvalidFilterCriteriaException InvalidOleVariantTypeException InvalidOperationException
        InvalidProgramException InvalidTimeZoneException IsBoxed IsByRefLikeAttribute IsByValue IsConst
        IsCopyConstructed IsExplicitlyDereferenced IsExternalInit IsImplicitlyDereferenced IsJitIntrinsic IsLong
        IsPinned IsReadOnlyAttribute IsSignUnspecifiedByte IsUdtReturn IsUnmanagedAttribute IsVolatile
        IteratorStateMachineAttribute JapaneseCalendar JapaneseLunisolarCalendar JsonMarshal JulianCalendar
        KeyNotFoundException KeyValuePair KoreanCalendar KoreanLunisolarCalendar LCIDConversionAttribute LayoutKind Lazy
        LazyInitializer LazyThreadSafetyMode LdapStyleUriParser LibraryImportAttribute LinkedList LinkedListNode List
        LoadHint LoaderOptimization LoaderOptimizationAttribute LocalDataStoreSlot LocalVariableInfo Lock LockCookie
        LockRecursionException LockRecursionPolicy Lookup MTAThreadAttribute ManagedToNativeComInteropStubAttribute
        ManifestResourceAttributes ManifestResourceInfo ManualResetEvent ManualResetEventSlim Marshal MarshalAsAttribute
        MarshalByRefObject MarshalDirectiveException MatchCasing MatchType Math MathF Matrix3x2 Matrix4x4
        MaybeNullAttribute MaybeNullWhenAttribute MemberAccessException MemberFilter MemberInfo MemberInfoExtensions
        MemberNotNullAttribute MemberNotNullWhenAttribute MemberTypes Memory MemoryExtensions MemoryHandle MemoryManager
        MemoryMarshal MemoryPool MemoryStream MetadataUpdateOriginalTypeAttribute MethodAccessException MethodAttributes
        MethodBase MethodBody MethodCodeType MethodImplAttribute MethodImplAttributes MethodImplOptions
        MethodImportAttributes MethodInfo MethodInfoExtensions MethodInvoker MethodSemanticsAttributes MidpointRounding
        Missing MissingFieldException MissingMemberException MissingMethodException Module ModuleExtensions ModuleHandle
        ModuleInitializerAttribute ModuleResolveEventHandler Monitor MonitoringDescriptionAttribute MulticastDelegate
        MulticastNotSupportedException Mutex MutexAcl NFloat NamedWaitHandleOptions NativeCppClassAttribute
        NativeLibrary NativeMemory NativeOverlapped NetPipeStyleUriParser NetTcpStyleUriParser NewsStyleUriParser
        NonSerializedAttribute NormalizationForm NotFiniteNumberException NotImplementedException NotNullAttribute
        NotNullIfNotNullAttribute NotNullWhenAttribute NotSupportedException NotifyFilters NullReferenceException
        NullabilityInfo NullabilityInfoContext NullabilityState Nullable NullableAttribute NullableContextAttribute
        NullablePublicOnlyAttribute NumberFormatInfo NumberStyles OSPlatform ObfuscateAssemblyAttribute
        ObfuscationAttribute Object ObjectDisposedException ObsoleteAttribute OperatingSystem OperationCanceledException
        OperationStatus OptionalAttribute OrderedDictionary OrderedParallelQuery OutAttribute OutOfMemoryException
        OverflowException Overlapped OverloadResolutionPriorityAttribute Parallel ParallelEnumerable
        ParallelExecutionMode ParallelLoopResult ParallelLoopState ParallelMergeOptions ParallelOptions ParallelQuery
        ParamArrayAttribute ParamCollectionAttribute ParameterAttributes ParameterInfo ParameterModifier
        ParameterizedThreadStart Path PathTooLongException PeriodicTimer PersianCalendar PinnedGCHandle Plane PlatformID
        PlatformNotSupportedException Pointer PoolingAsyncValueTaskMethodBuilder PortableExecutableKinds PosixSignal
        PosixSignalContext PosixSignalRegistration PreAllocatedOverlapped Predicate PreserveBaseOverridesAttribute
        PreserveSigAttribute PrimaryInteropAssemblyAttribute PriorityQueue Process ProcessModule ProcessModuleCollection
        ProcessPriorityClass ProcessStartInfo ProcessThread ProcessThreadCollection ProcessWindowStyle
        ProcessorArchitecture ProgIdAttribute Progress PropertyAttributes PropertyInfo PropertyInfoExtensions Quaternion
        Queryable Queue Random RandomAccess Range RankException ReadOnlyCollectionBase ReadOnlyCollectionBuilder
        ReadOnlyMemory ReadOnlySequence ReadOnlySequenceSegment ReadOnlySpan ReadOnlySpanAction ReaderWriterLock
        ReaderWriterLockSlim RefSafetyRulesAttribute ReferenceAssemblyAttribute ReferenceEqualityComparer
        ReflectionContext ReflectionTypeLoadException RegionInfo RegisteredWaitHandle RenamedEventArgs
        RenamedEventHandler RequiredAttributeAttribute RequiredMemberAttribute RequiresAssemblyFilesAttribute
        RequiresDynamicCodeAttribute RequiresLocationAttribute RequiresUnreferencedCodeAttribute ResolveEventArgs
        ResolveEventHandler ResourceAttributes ResourceLocation RuleCache Rune RuntimeArgumentHandle
        RuntimeCompatibilityAttribute RuntimeEnvironment RuntimeFeature RuntimeFieldHandle RuntimeHelpers
        RuntimeInformation RuntimeMethodHandle RuntimeReflectionExtensions RuntimeTypeHandle RuntimeWrappedException
        SByte SEHException STAThreadAttribute SafeArrayRankMismatchException SafeArrayTypeMismatchException SafeBuffer
        SafeHandle SampleActivity ScopedRefAttribute ScopelessEnumAttribute SearchOption SearchValues SeekOrigin
        Semaphore SemaphoreAcl SemaphoreFullException SemaphoreSlim SendOrPostCallback SequenceMarshal SequencePosition
        SequenceReader SequenceReaderExtensions SerializableAttribute SetsRequiredMembersAttribute Single
        SkipLocalsInitAttribute SortKey SortVersion SortedDictionary SortedList SortedSet SourceFilter SourceLevels
        SourceSwitch Span SpanAction SpanLineEnumerator SpanRuneEnumerator SpecialNameAttribute SpinLock SpinWait Stack
        StackFrame StackFrameExtensions StackOverflowException StackTrace StackTraceHiddenAttribute StandardFormat
        StandardOleMarshalObject StateMachineAttribute Stopwatch Stream StreamReader StreamWriter String StringBuilder
        StringComparer StringComparison StringFreezingAttribute StringInfo StringMarshalling
        StringNormalizationExtensions StringReader StringRuneEnumerator StringSplitOptions StringSyntaxAttribute
        StringWriter StrongBox StrongNameKeyPair StructLayoutAttribute StructuralComparisons
        SuppressGCTransitionAttribute SuppressIldasmAttribute SuppressMessageAttribute Switch SwitchAttribute
        SwitchExpressionException SwitchLevelAttribute SynchronizationContext SynchronizationLockException
        SystemException TagList TaiwanCalendar TaiwanLunisolarCalendar TargetException TargetInvocationException
        TargetParameterCountException Task TaskAsyncEnumerableExtensions TaskAwaiter TaskCanceledException
        TaskCompletionSource TaskContinuationOptions TaskCreationOptions TaskExtensions TaskFactory TaskScheduler
        TaskSchedulerException TaskStatus TaskToAsyncResult TextElementEnumerator TextInfo TextReader TextWriter
        TextWriterTraceListener ThaiBuddhistCalendar Thread ThreadAbortException ThreadExceptionEventArgs
        ThreadExceptionEventHandler ThreadInterruptedException ThreadLocal ThreadPool ThreadPoolBoundHandle
        ThreadPriority ThreadPriorityLevel ThreadStart ThreadStartException ThreadState ThreadStateException
        ThreadStaticAttribute ThreadWaitReason ThreadingAclExtensions TimeOnly TimeProvider TimeSpan TimeSpanStyles
        TimeZone TimeZoneInfo TimeZoneNotFoundException Timeout TimeoutException Timer TimerCallback
        TotalOrderIeee754Comparer Trace TraceEventCache TraceEventType TraceFilter TraceLevel TraceListener
        TraceListenerCollection TraceOptions TraceSource TraceSwitch Tuple TupleElementNamesAttribute TupleExtensions
        Type TypeAccessException TypeAttributes TypeCode TypeDelegator TypeExtensions TypeFilter
        TypeForwardedFromAttribute TypeForwardedToAttribute TypeIdentifierAttribute TypeInfo TypeInitializationException
        TypeLibFuncAttribute TypeLibFuncFlags TypeLibImportClassAttribute TypeLibTypeAttribute TypeLibTypeFlags
        TypeLibVarAttribute TypeLibVarFlags TypeLibVersionAttribute TypeLoadException TypeMapAssemblyTargetAttribute
        TypeMapAssociationAttribute TypeMapAttribute TypeMapping TypeUnloadedException TypedReference UInt128 UInt16
        UInt32 UInt64 UIntPtr UTF32Encoding UTF7Encoding UTF8Encoding UmAlQuraCalendar UnauthorizedAccessException
        UnboundedChannelOptions UnboundedPrioritizedChannelOptions UnconditionalSuppressMessageAttribute
        UnhandledExceptionEventArgs UnhandledExceptionEventHandler UnicodeCategory UnicodeEncoding UnixFileMode
        UnknownWrapper UnmanagedCallConvAttribute UnmanagedCallersOnlyAttribute UnmanagedFunctionPointerAttribute
        UnmanagedMemoryAccessor UnmanagedMemoryStream UnmanagedType UnobservedTaskExceptionEventArgs
        UnreachableException Unsafe UnsafeAccessorAttribute UnsafeAccessorKind UnsafeAccessorTypeAttribute
        UnsafeValueTypeAttribute UnscopedRefAttribute Uri UriBuilder UriComponents UriCreationOptions UriFormat
        UriFormatException UriHostNameType UriKind UriParser UriPartial UriTypeConverter Utf8Formatter Utf8Parser
        ValueTask ValueTaskAwaiter ValueTuple ValueType VarEnum VariantWrapper Vector Vector2 Vector3 Vector4 Version
        Void Volatile WaitCallback WaitForChangedResult WaitHandle WaitHandleCannotBeOpenedException
        WaitHandleExtensions WaitOrTimerCallback WasmImportLinkageAttribute WatcherChangeTypes WeakGCHandle
        WeakReference XmlWriterTraceListener YieldAwaitable
        """;
}
