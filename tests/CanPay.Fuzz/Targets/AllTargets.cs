using CanPay.Fuzz.Engine;

namespace CanPay.Fuzz.Targets;

internal static class AllTargets
{
    public static IReadOnlyList<Target> All { get; } =
    [
        new IsoMessageTarget(), new IsoFrameTarget(), new IsoMacTarget(),
        new PlantedFault(), new PlantedDelay(), new PlantedMemory(),
    ];

    /// <summary>Those of a campaign.</summary>
    public static IEnumerable<Target> Campaign => All.Where(target => !target.IsControl);

    public static Target Find(string name) => All.First(target => target.Name == name);
}
