using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace CanPay.Tests.Simulator;

/// <summary>The simulator as a process: killed under load, and started where it cannot start.</summary>
public sealed class ProgramTests : IDisposable
{
    private const string GoodCard = "5022290000087122";

    private readonly string _folder = Directory.CreateTempSubdirectory("canpay-simulator-").FullName;
    private readonly List<Process> _processes = [];

    [Theory]
    [InlineData(1)]
    [InlineData(400)]
    public async Task Whatever_was_answered_before_a_kill_is_in_the_books_after_it(int count)
    {
        var (isoPort, webPort) = (FreePorts.Next(), FreePorts.Next());
        var process = Start(isoPort, webPort);
        await UntilHealthy(webPort);
        await using var acquirer = await Acquirer.Connect(isoPort);
        await acquirer.Ask(Acquirer.Network(801));
        var purchases = Enumerable.Range(0, count).Select(_ => Acquirer.Purchase(GoodCard)).ToList();

        var asking = purchases.Select(Ask).ToList();
        while (acquirer.Heard < 1 + Math.Min(count, 40))
        {
            await Task.Delay(1);
        }

        process.Kill();
        var answered = (await Task.WhenAll(asking)).OfType<string>().ToList();
        await process.WaitForExitAsync();
        (isoPort, webPort) = (FreePorts.Next(), FreePorts.Next());
        Start(isoPort, webPort);
        await UntilHealthy(webPort);

        using var http = new HttpClient();
        var books = await http.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{webPort}/books.json");
        var booked = books.EnumerateArray().Where(book => book.GetProperty("outcome").GetString() == "approved")
            .Select(book => book.GetProperty("rrn").GetString()!).ToList();
        Assert.NotEmpty(answered);
        Assert.Empty(answered.Except(booked));
        Assert.Equal(booked.Count, booked.Distinct().Count());

        // A broken pipe while sending is no answer either.
        async Task<string?> Ask(CanPay.Iso8583.IsoMessage purchase)
        {
            try
            {
                return (await acquirer.Ask(purchase))?.GetText(39) == "000" ? purchase.GetText(37) : null;
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                return null;
            }
        }
    }

    [Theory]
    [InlineData("iso port", "Simulator__IsoPort")]
    [InlineData("web port", "Simulator__WebPort")]
    [InlineData("folder", "Simulator__DataFolder")]
    public async Task What_cannot_start_says_so_in_one_line_and_ends_with_an_error(string taken, string key)
    {
        await using var sandbox = await Sandbox.Start();
        var process = Start(
            taken == "iso port" ? sandbox.Switch.Port : FreePorts.Next(),
            taken == "web port" ? sandbox.Http.BaseAddress!.Port : FreePorts.Next(),
            taken == "folder" ? Path.GetDirectoryName(sandbox.BooksFile) : null);

        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(1, process.ExitCode);
        Assert.Contains(key, Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }

            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private Process Start(int isoPort, int webPort, string? folder = null)
    {
        var start = new ProcessStartInfo(Programs.Simulator) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["Simulator__IsoPort"] = isoPort.ToString();
        start.Environment["Simulator__WebPort"] = webPort.ToString();
        start.Environment["Simulator__DataFolder"] = folder ?? _folder;
        var process = Process.Start(start)!;
        _processes.Add(process);
        return process;
    }

    private static async Task UntilHealthy(int webPort)
    {
        using var http = new HttpClient();
        for (var i = 0; i < 400; i++)
        {
            try
            {
                if ((await http.GetAsync($"http://127.0.0.1:{webPort}/health")).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(25);
        }

        Assert.Fail("The simulator did not start.");
    }
}
