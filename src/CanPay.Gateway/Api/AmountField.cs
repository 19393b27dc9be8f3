using System.Globalization;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Api;

/// <summary>Reads an amount: whole rials, digits only, as a JSON number or as text.</summary>
internal static class AmountField
{
    /// <summary>Anything longer is out of any range; leading zeros do not count.</summary>
    private const int MaxDigits = 18;

    public static Result<Rials> Read(FieldValue value, Rials min, Rials max)
    {
        if (value.Plain is not { } text || !Digits.IsAll(text))
        {
            return HttpRefusals.AmountInvalid;
        }

        var digits = text.TrimStart('0');
        var amount = digits.Length == 0 ? Rials.Zero
            : digits.Length > MaxDigits ? new Rials(long.MaxValue)
            : new Rials(long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture));
        return amount < min || amount > max
            ? HttpRefusals.AmountOutOfRange.With("min", min.ToString()).With("max", max.ToString())
            : amount;
    }
}
