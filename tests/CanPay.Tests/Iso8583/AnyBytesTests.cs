using System.Text;
using CanPay.Iso8583;
using CsCheck;

namespace CanPay.Tests.Iso8583;

/// <summary>Whatever comes is a message or the codec's own error. So many trials take seconds, too long to run once for each mutant.</summary>
public sealed class AnyBytesTests
{
    [Fact]
    public void Any_bytes_give_a_message_or_the_codecs_own_error()
    {
        var message = new IsoMessage();
        Gen.Byte.Array[0, 300].Sample(bytes => { MessageFormat.Shetab.TryDecode(bytes, message, out _); }, iter: 50_000, threads: 1);
    }

    [Fact]
    public void Any_damage_to_a_message_gives_a_message_or_the_codecs_own_error()
    {
        var message = new IsoMessage();
        Gen.Select(Gen.Int[0, Vectors.Iso1993.Length - 1], Gen.Byte, Gen.Int[0, Vectors.Iso1993.Length]).Sample(
            (at, value, length) =>
            {
                var bytes = Vectors.Iso1993.ToArray();
                bytes[at] = value;
                MessageFormat.Iso1993Ascii.TryDecode(bytes.AsSpan(0, length), message, out _);
            },
            iter: 50_000,
            threads: 1);
    }

    [Fact]
    public void A_quarter_of_a_million_damaged_purchases_give_messages_or_errors_and_never_show_a_card()
    {
        var whole = MessageFormat.Shetab.Encoded(SomePurchase.Request());
        var message = new IsoMessage();
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length - 1], Gen.Byte).Sample(
            (first, its, second, theirs) =>
            {
                Span<byte> bytes = stackalloc byte[whole.Length];
                whole.CopyTo(bytes);
                bytes[first] = its;
                bytes[second] = theirs;
                return MessageFormat.Shetab.TryDecode(bytes, message, out var error)
                    || (error.Problem is not null && error.Offset <= whole.Length && !error.Problem.Any(char.IsAsciiDigit));
            },
            iter: 250_000,
            threads: 1);
    }

    [Fact]
    public void A_quarter_of_a_million_random_bodies_give_messages_or_errors()
    {
        var message = new IsoMessage();
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Byte.Array[0, 120]).Sample(
            (first, second, body) =>
            {
                byte[] bytes = [.. Encoding.ASCII.GetBytes($"1200{first:X16}{second:X16}"), .. body];
                return MessageFormat.Shetab.TryDecode(bytes, message, out var error) || error.Problem is not null;
            },
            iter: 250_000,
            threads: 1);
    }
}
