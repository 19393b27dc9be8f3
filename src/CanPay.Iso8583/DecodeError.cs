namespace CanPay.Iso8583;

/// <summary>Why bytes are no message.</summary>
/// <param name="Problem">In words; null where there is none.</param>
/// <param name="Field">The field's number; 0 where it is the message's head, 1 the secondary bitmap.</param>
/// <param name="Offset">Where in the bytes, from 0.</param>
public readonly record struct DecodeError(string Problem, int Field, int Offset)
{
    /// <summary>For people and logs; holds no values of fields.</summary>
    public override string ToString() => $"Field {Field} at offset {Offset}: {Problem}.";
}
