using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using CanPay.Iso8583;

namespace CanPay.Tests.Iso8583;

/// <summary>Where one message ends and the next begins, at every length and in any pieces.</summary>
public sealed class FramingTests
{
    [Theory]
    [InlineData(LengthPrefix.AsciiDigits4, 1, "30303031")]
    [InlineData(LengthPrefix.AsciiDigits4, 10, "30303130")]
    [InlineData(LengthPrefix.AsciiDigits4, 1234, "31323334")]
    [InlineData(LengthPrefix.AsciiDigits4, 8192, "38313932")]
    [InlineData(LengthPrefix.Binary2, 1, "0001")]
    [InlineData(LengthPrefix.Binary2, 258, "0102")]
    [InlineData(LengthPrefix.Binary2, 8192, "2000")]
    public async Task A_prefix_says_the_length_and_is_read_back(LengthPrefix prefix, int length, string bytes)
    {
        var line = new byte[MessageFraming.LengthOf(prefix) + length];
        MessageFraming.WritePrefix(length, line, prefix);
        line.AsSpan(MessageFraming.LengthOf(prefix)).Fill(7);
        var target = new byte[MessageCodec.MaxLength];

        Assert.Equal(bytes, Convert.ToHexString(line.AsSpan(0, MessageFraming.LengthOf(prefix))));
        Assert.Equal(length, await MessageFraming.ReadAsync(Pipe(line), target, prefix, default));
        Assert.Equal(length, target.AsSpan().IndexOfAnyExcept((byte)7) is var end and >= 0 ? end : target.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(8193)]
    public void A_length_that_no_message_has_is_not_written(int length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MessageFraming.WritePrefix(length, new byte[4]));

    [Theory]
    [InlineData("0000", LengthPrefix.AsciiDigits4)]
    [InlineData("8193", LengthPrefix.AsciiDigits4)]
    [InlineData("12A4", LengthPrefix.AsciiDigits4)]
    [InlineData("A123", LengthPrefix.AsciiDigits4)]
    [InlineData(" 012", LengthPrefix.AsciiDigits4)]
    [InlineData("-001", LengthPrefix.AsciiDigits4)]
    [InlineData("\0\0", LengthPrefix.Binary2)]
    [InlineData(" \u0001", LengthPrefix.Binary2)]
    public async Task A_prefix_that_is_no_length_ends_the_reading(string prefix, LengthPrefix how)
    {
        var line = new byte[MessageCodec.MaxLength + 10];
        Encoding.ASCII.GetBytes(prefix, line);

        await Assert.ThrowsAsync<IsoFormatException>(
            async () => await MessageFraming.ReadAsync(Pipe(line), new byte[MessageCodec.MaxLength], how, default));
    }

    /// <summary>The peer may wait for us now: nothing more comes before we close.</summary>
    [Theory]
    [InlineData("0000", LengthPrefix.AsciiDigits4)]
    [InlineData("12A4", LengthPrefix.AsciiDigits4)]
    [InlineData("\0\0", LengthPrefix.Binary2)]
    public async Task A_prefix_that_is_no_length_is_seen_though_nothing_follows(string prefix, LengthPrefix how)
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(Encoding.ASCII.GetBytes(prefix));

        await Assert.ThrowsAsync<IsoFormatException>(
            async () => await MessageFraming.ReadAsync(pipe.Reader, new byte[MessageCodec.MaxLength], how, default));
    }

    [Fact]
    public async Task Without_a_connection_nothing_is_read() => await Assert.ThrowsAsync<ArgumentNullException>(
        async () => await MessageFraming.ReadAsync(null!, new byte[MessageCodec.MaxLength], default));

    [Theory]
    [InlineData(LengthPrefix.AsciiDigits4)]
    [InlineData(LengthPrefix.Binary2)]
    public async Task Messages_come_one_after_the_other_though_each_byte_comes_alone(LengthPrefix prefix)
    {
        byte[] line = [.. Framed("first", prefix), .. Framed("2", prefix), .. Framed("the third", prefix)];
        var pipe = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        var reading = All(pipe.Reader, prefix);
        foreach (var b in line)
        {
            await pipe.Writer.WriteAsync(new[] { b });
        }

        await pipe.Writer.CompleteAsync();

        Assert.Equal(["first", "2", "the third"], await reading);
    }

    [Fact]
    public async Task Messages_that_come_together_are_told_apart()
    {
        var pipe = Pipe([.. Framed("first", LengthPrefix.AsciiDigits4), .. Framed("2", LengthPrefix.AsciiDigits4)]);

        Assert.Equal(["first", "2"], await All(pipe, LengthPrefix.AsciiDigits4));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    public async Task A_connection_that_ends_inside_a_message_is_an_error(int bytes)
    {
        var pipe = Pipe(Framed("first", LengthPrefix.AsciiDigits4)[..bytes]);

        await Assert.ThrowsAsync<IsoFormatException>(
            async () => await MessageFraming.ReadAsync(pipe, new byte[MessageCodec.MaxLength], default));
    }

    private static async Task<List<string>> All(PipeReader pipe, LengthPrefix prefix)
    {
        var all = new List<string>();
        var target = new byte[MessageCodec.MaxLength];
        while (await MessageFraming.ReadAsync(pipe, target, prefix, default) is > 0 and var length)
        {
            all.Add(Encoding.ASCII.GetString(target, 0, length));
        }

        return all;
    }

    private static byte[] Framed(string text, LengthPrefix prefix)
    {
        var bytes = new byte[MessageFraming.LengthOf(prefix)];
        MessageFraming.WritePrefix(text.Length, bytes, prefix);
        return [.. bytes, .. Encoding.ASCII.GetBytes(text)];
    }

    private static PipeReader Pipe(byte[] bytes) => PipeReader.Create(new ReadOnlySequence<byte>(bytes));
}
