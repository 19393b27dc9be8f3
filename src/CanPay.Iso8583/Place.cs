namespace CanPay.Iso8583;

/// <summary>Where a value stands among the values of its message.</summary>
internal readonly struct Place(int offset, int length)
{
    // Both in one word: a message has a place for each of 128 fields.
    private readonly uint _both = ((uint)offset << 16) | (uint)length;

    public int Offset => (int)(_both >> 16);

    public int Length => (int)(_both & 0xFFFF);
}
