using System.Globalization;

namespace CanPay.Gateway.Kernel;

/// <summary>An amount of money in whole rials; never negative. Direction is said by debit and credit, not by a sign.</summary>
public readonly record struct Rials : IComparable<Rials>
{
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative.</exception>
    public Rials(long amount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        Amount = amount;
    }

    /// <summary>Whole rials.</summary>
    public long Amount { get; }

    public static Rials Zero => default;

    public static Rials operator +(Rials left, Rials right) => new(checked(left.Amount + right.Amount));

    public static Rials operator -(Rials left, Rials right) => new(checked(left.Amount - right.Amount));

    public static bool operator <(Rials left, Rials right) => left.Amount < right.Amount;

    public static bool operator >(Rials left, Rials right) => left.Amount > right.Amount;

    public static bool operator <=(Rials left, Rials right) => left.Amount <= right.Amount;

    public static bool operator >=(Rials left, Rials right) => left.Amount >= right.Amount;

    public int CompareTo(Rials other) => Amount.CompareTo(other.Amount);

    /// <summary>Latin digits without separators, as messages and forms carry it.</summary>
    public override string ToString() => Amount.ToString(CultureInfo.InvariantCulture);
}
