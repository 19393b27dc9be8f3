#pragma warning disable
using System.Diagnostics;
using System.Globalization;
using CanPay.Simulation;

// A first try.
var from = ulong.Parse(args[0], CultureInfo.InvariantCulture);
var to = ulong.Parse(args[1], CultureInfo.InvariantCulture);
var payments = int.Parse(args[2], CultureInfo.InvariantCulture);
using var installation = Installation.Make().GetAwaiter().GetResult();
var begun = Stopwatch.GetTimestamp();
long all = 0, faults = 0;
var hashes = new List<ulong>();
for (var seed = from; seed <= to; seed++)
{
    using var world = new World(seed, payments, PlantedBug.None, args.Length > 3, installation);
    new Thread(() => { while (true) { Thread.Sleep(2000); Console.Error.WriteLine($"{world.Timeline.Now:HH:mm:ss.fffffff} {world.Timeline.Happened} pending {ThreadPool.PendingWorkItemCount} completed {ThreadPool.CompletedWorkItemCount} threads {ThreadPool.ThreadCount}"); } }) { IsBackground = true }.Start();
    var t = Stopwatch.GetTimestamp();
    var violations = world.Play();
    all += payments;
    faults += world.Faults.Count;
    Console.WriteLine($"seed {seed}: {Stopwatch.GetElapsedTime(t).TotalMilliseconds:0} ms, {world.Timeline.Happened} events, {world.Faults.Count} faults, {world.Trace.Hash:x16}, {violations.Count} violations");
    foreach (var v in violations.Take(5))
    {
        Console.WriteLine("   " + v);
    }

    if (args.Length > 3)
    {
        foreach (var line in world.Trace.Lines(long.Parse(args[3], CultureInfo.InvariantCulture)))
        {
            Console.WriteLine(line);
        }
    }
}
Console.WriteLine($"{all} payments, {faults} faults, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
