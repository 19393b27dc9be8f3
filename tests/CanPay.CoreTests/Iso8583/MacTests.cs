using System.Buffers;
using System.Security.Cryptography;
using CanPay.Iso8583;

namespace CanPay.Tests.Iso8583;

/// <summary>The code in field 128, at every length.</summary>
public sealed class MacTests
{
    private static readonly byte[] Key = Convert.FromHexString("0123456789ABCDEFFEDCBA9876543210");

    /// <summary>By the book: chained under the left half, then decrypted under the right half and encrypted under the left one.</summary>
    [Theory]
    [InlineData(MacPadding.Zeros)]
    [InlineData(MacPadding.OneAndZeros)]
    public void Of_any_length_the_code_is_what_the_ciphers_give_one_by_one(MacPadding padding)
    {
        using var mac = new RetailMac(Key, padding);
        var code = new byte[8];
        for (var length = 0; length <= 70; length++)
        {
            byte[] data = [.. Enumerable.Range(1, length).Select(i => (byte)(i * 37 % 251))];

            mac.Compute(data, code);

            Assert.Equal(Convert.ToHexString(ByTheBook(data, padding)), Convert.ToHexString(code));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(24)]
    public void A_key_has_sixteen_bytes(int length) => Assert.Throws<ArgumentException>(() => new RetailMac(new byte[length]));

    [Fact]
    public void A_key_is_wiped_when_it_is_no_longer_needed()
    {
        var mac = new RetailMac(Key);
        var code = new byte[8];
        mac.Compute("hello"u8, code);

        mac.Dispose();
        mac.Dispose();

        // What is wiped is a weak key, which DES takes for none.
        Assert.Throws<CryptographicException>(() => mac.Compute("hello"u8, code));
    }

    [Fact]
    public void Bytes_that_are_nothing_but_a_code_have_none()
    {
        using var mac = new RetailMac(Key);
        var code = new byte[8];
        mac.Compute([], code);
        var digits = System.Text.Encoding.ASCII.GetBytes(Convert.ToHexString(code));

        for (var length = 0; length <= digits.Length; length++)
        {
            Assert.False(MessageAuthentication.HasValidMac(digits.AsSpan(0, length), mac));
        }
    }

    [Fact]
    public void The_shortest_data_with_its_code_is_believed_and_in_other_letters_not()
    {
        using var mac = new RetailMac(Key);
        var code = new byte[8];
        mac.Compute("1"u8, code);
        var bytes = "1" + Convert.ToHexString(code);

        Assert.True(MessageAuthentication.HasValidMac(System.Text.Encoding.ASCII.GetBytes(bytes), mac));
        Assert.False(MessageAuthentication.HasValidMac(System.Text.Encoding.ASCII.GetBytes("1" + Convert.ToHexStringLower(code)), mac));
        Assert.False(MessageAuthentication.HasValidMac(System.Text.Encoding.ASCII.GetBytes("2" + Convert.ToHexString(code)), mac));
    }

    [Fact]
    public void A_message_without_the_field_gets_it()
    {
        using var mac = new RetailMac(Key);
        var message = SomePurchase.Answer();
        var bytes = new byte[MessageCodec.MaxLength];

        var length = MessageFormat.Shetab.EncodeWithMac(message, mac, bytes);

        Assert.True(MessageAuthentication.HasValidMac(bytes.AsSpan(0, length), mac));
        var read = new IsoMessage();
        MessageFormat.Shetab.Decode(bytes.AsSpan(0, length), read);
        Assert.True(read.Has(128));
        Assert.Equal(("000000000000001", "364"), (read.GetText(42), read.GetText(49)));
    }

    [Fact]
    public void Whatever_stands_in_memory_that_was_used_before_the_code_is_the_same_and_nothing_of_the_data_is_left_there()
    {
        using var mac = new RetailMac(Key);
        byte[] data = [1, 2, 3];
        var code = new byte[8];
        var used = ArrayPool<byte>.Shared.Rent(16);
        used.AsSpan().Fill(0xFF);
        ArrayPool<byte>.Shared.Return(used);

        mac.Compute(data, code);

        Assert.Equal(Convert.ToHexString(ByTheBook(data, MacPadding.Zeros)), Convert.ToHexString(code));
        used = ArrayPool<byte>.Shared.Rent(16);
        Assert.Equal(-1, used.AsSpan().IndexOfAnyExcept((byte)0));
        ArrayPool<byte>.Shared.Return(used);
    }

    [Fact]
    public void The_code_of_a_message_is_over_every_byte_before_it_and_takes_the_place_of_what_was_there()
    {
        using var mac = new RetailMac(Key);
        var message = SomePurchase.Request();
        message.Set(128, [1, 2, 3, 4, 5, 6, 7, 8]);
        var bytes = new byte[MessageCodec.MaxLength];
        var code = new byte[8];

        var length = MessageFormat.Shetab.EncodeWithMac(message, mac, bytes);

        mac.Compute(bytes.AsSpan(0, length - 16), code);
        Assert.Equal(Convert.ToHexString(code), System.Text.Encoding.ASCII.GetString(bytes, length - 16, 16));
        Assert.Throws<ArgumentNullException>(() => MessageFormat.Shetab.EncodeWithMac(null!, mac, bytes));
    }

    private static byte[] ByTheBook(byte[] data, MacPadding padding)
    {
        byte[] padded = padding is MacPadding.OneAndZeros ? [.. data, 0x80] : data;
        var blocks = Math.Max(1, (padded.Length + 7) / 8);
        Array.Resize(ref padded, 8 * blocks);
        using var left = Cipher(Key[..8]);
        using var right = Cipher(Key[8..]);
        var chained = new byte[8];
        foreach (var block in padded.Chunk(8))
        {
            chained = left.EncryptEcb([.. block.Zip(chained, (a, b) => (byte)(a ^ b))], PaddingMode.None);
        }

        return left.EncryptEcb(right.DecryptEcb(chained, PaddingMode.None), PaddingMode.None);
    }

    private static DES Cipher(byte[] key)
    {
#pragma warning disable CA5351 // the algorithm of the standard
        var des = DES.Create();
#pragma warning restore CA5351
        des.Key = key;
        return des;
    }
}
