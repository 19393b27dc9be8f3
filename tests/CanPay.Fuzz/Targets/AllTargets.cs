using CanPay.Fuzz.Engine;

namespace CanPay.Fuzz.Targets;

internal static class AllTargets
{
    public static IReadOnlyList<Target> All { get; } =
    [
        new IsoMessageTarget(), new IsoFrameTarget(), new IsoMacTarget(),
        new ApiBodyTarget(), new ApiHeadersTarget(), new CallbackUrlTarget(), new ReferrerTarget(), new ClientAddressTarget(),
        new DigitsTarget(), new PageFormTarget(), new PageCookieTarget(),
        new WebhookUrlTarget(), new WebhookReadTarget(), new SdkAnswerTarget(), new OperatorInputTarget(), new SimulatorInputTarget(),
        new PlantedFault(), new PlantedDelay(), new PlantedMemory(), new PlantedEnd(),
    ];

    /// <summary>Those of a campaign.</summary>
    public static IEnumerable<Target> Campaign => All.Where(target => !target.IsControl);

    public static Target Find(string name) => All.First(target => target.Name == name);
}
