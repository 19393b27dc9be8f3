using System.ComponentModel.DataAnnotations;

namespace CanPay.Simulator;

/// <summary>Section <c>Simulator</c>.</summary>
internal sealed class SimulatorOptions
{
    public const string Section = "Simulator";

    /// <summary>TCP port of the card network on 127.0.0.1; 0 takes a free one. Default 5083.</summary>
    [Range(0, 65_535)]
    public int IsoPort { get; set; } = 5083;

    /// <summary>HTTP port of the page and the JSON on 127.0.0.1; 0 takes a free one. Default 5084.</summary>
    [Range(0, 65_535)]
    public int WebPort { get; set; } = 5084;

    /// <summary>Folder of the books. Default: <c>simulator</c> in the folder of CANPAY_DATA, else <c>./data/simulator</c>.</summary>
    public string? DataFolder { get; set; }

    /// <summary>Seconds that the slow card takes to be approved. Default 8.</summary>
    [Range(0, 600)]
    public double SlowApprovalSeconds { get; set; } = 8;

    /// <summary>Seconds for which a dynamic PIN is shown; it is taken for as long again. Default 120.</summary>
    [Range(5, 3_600)]
    public int DynamicPinSeconds { get; set; } = 120;

    public string Folder() => DataFolder is { Length: > 0 } named
        ? Path.GetFullPath(named)
        : Path.GetFullPath(Path.Combine(Environment.GetEnvironmentVariable("CANPAY_DATA") is { Length: > 0 } data ? data : "data", "simulator"));
}
