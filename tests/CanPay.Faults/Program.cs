using System.Globalization;
using System.Runtime.InteropServices;
using CanPay.Faults.Site;
using CanPay.Faults.Trials;

const int Done = 0;
const int Wrong = 1;
const int NotUnderstood = 2;

if (args is [Careless.Command])
{
    await Careless.Serve();
    return Done;
}

string[] parts = [Kills.Part, PowerCuts.Part, Networks.Part, Disks.Part, Clocks.Part];
if (args is not [var command, .. var options] || (command is not ("quick" or "long") && !parts.Contains(command, StringComparer.Ordinal)) || options.Length % 2 != 0)
{
    return Usage();
}

string? results = null;
int? cycles = null;
foreach (var option in options.Chunk(2))
{
    switch (option)
    {
        case ["--results", var file]:
            results = Path.GetFullPath(file);
            break;
        case ["--cycles", var text] when int.TryParse(text, CultureInfo.InvariantCulture, out var count) && count > 0:
            cycles = count;
            break;
        default:
            return Usage();
    }
}

using var stop = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

bool IsAsked(string part) => command is "quick" or "long" || part == command;
var lanes = ((IEnumerable<Lane>)[.. Kills.Lanes(), .. Networks.Lanes(), .. PowerCuts.Lanes(), .. Disks.Lanes(), .. Clocks.Lanes()])
    .Where(lane => IsAsked(lane.Part)).ToList();
var tally = new Tally(results, stop.Token);
await new Schedule(tally, stop.Token).Run(
    lanes,
    [.. PowerCuts.Controls().Where(control => IsAsked(control.Part))],
    cycles is { } number ? Schedule.First(number, lanes) : trial => command == "long" ? trial.Long : trial.Quick);
PostgresServer.DeleteShared();
Console.WriteLine(tally.LastLine);
return tally.Violations == 0 ? Done : Wrong;

void Stop(PosixSignalContext context)
{
    context.Cancel = true; // what is under way is finished and cleaned up
    stop.Cancel();
}

int Usage()
{
    Console.WriteLine($"CanPay.Faults quick | long --results FILE | {string.Join(" | ", parts)}   [--cycles N] [--results FILE]");
    return args is ["--help" or "-h"] ? Done : NotUnderstood;
}
