namespace CanPay.Iso8583;

/// <summary>Bytes that are no message of the format, or a message that cannot be written in it.</summary>
/// <remarks>Says the field and the offset, never a value: it may end in a log.</remarks>
public sealed class IsoFormatException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="problem">What is wrong, in words.</param>
    /// <param name="field">The field's number; 0 where it is the message's head, 1 the secondary bitmap.</param>
    /// <param name="offset">Where in the bytes, from 0; -1 where there are none yet.</param>
    public IsoFormatException(string problem, int field, int offset)
        : base(offset < 0 ? $"Field {field}: {problem}." : $"Field {field} at offset {offset}: {problem}.")
    {
        Field = field;
        Offset = offset;
    }

    /// <summary>The field's number; 0 where it is the message's head, 1 the secondary bitmap.</summary>
    public int Field { get; }

    /// <summary>Where in the bytes, from 0; -1 where there are none yet.</summary>
    public int Offset { get; }
}
