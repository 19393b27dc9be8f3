using System.Diagnostics.CodeAnalysis;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Acquiring.Direct;

/// <summary>A primary account number. Prints masked; the digits come out only through <see cref="Reveal"/>.</summary>
public sealed class Pan
{
    private readonly string _digits;

    private Pan(string digits) => _digits = digits;

    /// <summary>First six and last four digits in groups of four, as the guide prints it: <c>5022-29**-****-7122</c>.</summary>
    public string Mask => Grouped(string.Concat(_digits.AsSpan(0, 6), new string('*', _digits.Length - 10), _digits.AsSpan(_digits.Length - 4)));

    /// <summary>The bank identification number: the first six digits, which are no secret.</summary>
    public string Bin => _digits[..6];

    /// <summary>The clear digits. Callers: the message to the network, the vault, the PIN block.</summary>
    public string Reveal() => _digits;

    /// <summary>16 to 19 Latin digits that pass the Luhn check.</summary>
    public static bool TryParse(string digits, [NotNullWhen(true)] out Pan? pan)
    {
        pan = digits.Length is >= 16 and <= 19 && Digits.IsAll(digits) && Digits.PassesLuhn(digits) ? new Pan(digits) : null;
        return pan is not null;
    }

    public override string ToString() => Mask;

    private static string Grouped(string masked) => string.Join('-', masked.Chunk(4).Select(group => new string(group)));
}
