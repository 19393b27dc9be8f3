using System.Collections.Concurrent;
using System.Text;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using Microsoft.Extensions.Logging;

namespace CanPay.Tests.EndToEnd;

/// <summary>Card data is nowhere but where it must be: files, logs and answers are searched for what payers typed.</summary>
public sealed class CanaryTests
{
    private const string Pin = "739182465017";

    [Fact]
    public async Task What_a_payer_typed_is_in_no_file_no_log_and_no_page()
    {
        var log = new Listener();
        await using var world = await World.Start(EngineKind.Sqlite, log);
        var said = new ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            using var browser = world.NewBrowser();
            var token = await world.Token();
            var form = Browser.FormToken(await (await browser.Open(token)).Content.ReadAsStringAsync());
            said.Add(await browser.Submit(token, "pin", form, ("pan", World.ApprovedCard), ("cvv2", "123"), ("pin", Pin)));
            said.Add(await browser.Pay(token, World.ApprovedCard, i % 2 == 0 ? Pin : "12345"));
            said.Add((await world.Verify(token)).Body.GetRawText());
        }));

        // A payment that is under way still has its card, sealed.
        using var last = world.NewBrowser();
        var open = await world.Token();
        await last.Pay(open);
        Assert.Equal(PaymentStatus.Authorized, (await world.Payment(open)).Status);

        var places = Directory.EnumerateFiles(Path.GetDirectoryName(world.DatabaseFile)!, "*", SearchOption.AllDirectories)
            .Select(file => (Name: file, Bytes: Read(file)))
            .Append((Name: "the log", Bytes: Encoding.UTF8.GetBytes(string.Join('\n', log.Lines))))
            .Append((Name: "what was answered", Bytes: Encoding.UTF8.GetBytes(string.Join('\n', said))))
            .ToList();
        Assert.Contains(places, place => place.Name.EndsWith("-wal", StringComparison.Ordinal));
        Assert.NotEmpty(log.Lines);
        foreach (var secret in new[] { World.ApprovedCard, "5022 2900 0008 7122", Pin })
        {
            foreach (var bytes in new[] { Encoding.UTF8.GetBytes(secret), Encoding.Unicode.GetBytes(secret) })
            {
                Assert.All(places, place => Assert.True(place.Bytes.AsSpan().IndexOf(bytes) < 0, $"{place.Name} holds what a payer typed"));
            }
        }

        // The search can find: the mask is there.
        Assert.Contains(places, place => place.Bytes.AsSpan().IndexOf("5022-29**-****-7122"u8) >= 0);
    }

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    /// <summary>Hears everything, down to the most talkative level.</summary>
    private sealed class Listener : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception) + exception);

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose()
        {
        }
    }
}
