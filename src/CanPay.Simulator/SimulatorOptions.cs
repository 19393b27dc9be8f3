using Microsoft.Extensions.Options;

namespace CanPay.Simulator;

/// <summary>Section <c>Simulator</c>.</summary>
internal sealed class SimulatorOptions
{
    public const string Section = "Simulator";

    /// <summary>TCP port of the card network on 127.0.0.1; 0 takes a free one. Default 5083.</summary>
    public int IsoPort { get; set; } = 5083;

    /// <summary>HTTP port of the page and the JSON on 127.0.0.1; 0 takes a free one. Default 5084.</summary>
    public int WebPort { get; set; } = 5084;

    /// <summary>Folder of the books. Default: <c>simulator</c> in the folder of CANPAY_DATA, else <c>./data/simulator</c>.</summary>
    public string? DataFolder { get; set; }

    /// <summary>Zone PIN key, 32 hexadecimal digits. Default: the sandbox's.</summary>
    public string ZonePinKey { get; set; } = SandboxKeys.ZonePin;

    /// <summary>Key of the MAC, 32 hexadecimal digits. Default: the sandbox's.</summary>
    public string MacKey { get; set; } = SandboxKeys.Mac;

    /// <summary>Seconds that the slow card takes to be approved. Default 8.</summary>
    public double SlowApprovalSeconds { get; set; } = 8;

    /// <summary>Seconds for which a dynamic PIN is shown; it is taken for as long again. Default 120.</summary>
    public int DynamicPinSeconds { get; set; } = 120;

    public string Folder() => DataFolder is { Length: > 0 } named
        ? Path.GetFullPath(named)
        : Path.GetFullPath(
            Path.Combine(Environment.GetEnvironmentVariable("CANPAY_DATA") is { Length: > 0 } data ? data : "data", "simulator"));
}

/// <summary>One line for each wrong setting: which, what it is, what it may be, how to set it.</summary>
internal sealed class SimulatorOptionsCheck : IValidateOptions<SimulatorOptions>
{
    public ValidateOptionsResult Validate(string? name, SimulatorOptions options)
    {
        var wrong = new List<string>();
        Range(nameof(options.IsoPort), options.IsoPort, 0, 65_535);
        Range(nameof(options.WebPort), options.WebPort, 0, 65_535);
        Range(nameof(options.SlowApprovalSeconds), options.SlowApprovalSeconds, 0, 600);
        Range(nameof(options.DynamicPinSeconds), options.DynamicPinSeconds, 5, 3_600);
        Key(nameof(options.ZonePinKey), options.ZonePinKey);
        Key(nameof(options.MacKey), options.MacKey);
        if (options.IsoPort == options.WebPort && options.IsoPort != 0)
        {
            wrong.Add($"Simulator:IsoPort and Simulator:WebPort are both {options.IsoPort}. Set one of them to another port.");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

        void Range(string key, double value, double least, double most)
        {
            // Written so that NaN is refused as well.
            if (!(value >= least && value <= most))
            {
                wrong.Add($"Simulator:{key} is {value}, but must be {least} to {most}. Correct Simulator__{key}.");
            }
        }

        void Key(string key, string value)
        {
            if (value.Length != 32 || !value.All(char.IsAsciiHexDigit))
            {
                wrong.Add($"Simulator:{key} must have 32 hexadecimal digits. Correct Simulator__{key}, or leave it out.");
            }
        }
    }
}
