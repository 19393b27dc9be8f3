using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CanPay.Simulator;

/// <summary>Field 56: type, trace number, local time and acquirer (with its length in two digits) of the message that is meant.</summary>
internal sealed record OriginalData(string Mti, string Stan, string LocalTime, string Acquirer)
{
    private const int HeadLength = 4 + 6 + 12 + 2;

    public static bool TryParse(string? field, [NotNullWhen(true)] out OriginalData? original)
    {
        original = null;
        if (field is null || field.Length <= HeadLength || !field.All(char.IsAsciiDigit)
            || int.Parse(field.AsSpan(22, 2), CultureInfo.InvariantCulture) != field.Length - HeadLength)
        {
            return false;
        }

        original = new OriginalData(field[..4], field[4..10], field[10..22], field[HeadLength..]);
        return true;
    }
}
