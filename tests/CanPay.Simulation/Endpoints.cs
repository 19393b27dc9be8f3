using System.Net;
using System.Text.Json;

namespace CanPay.Simulation;

/// <summary>The server of the merchant that has one: takes events, sometimes not, and remembers in which order it first heard of each.</summary>
internal sealed class Endpoints(World world)
{
    private readonly HashSet<string> _known = [];

    /// <summary>By token: the types of what was heard, each event once.</summary>
    public Dictionary<string, List<string>> Heard { get; } = [];

    public bool Knows(string eventKey) => _known.Contains(eventKey);

    public HttpClient ClientOf(Lifeline life) => new(new Handler(this, life)) { Timeout = Timeout.InfiniteTimeSpan };

    private async Task<HttpStatusCode> Take(HttpRequestMessage request)
    {
        if (world.Faults.Happens(world.Swarm.EndpointFails))
        {
            return HttpStatusCode.InternalServerError;
        }

        using var body = JsonDocument.Parse(await request.Content!.ReadAsByteArrayAsync());
        var key = body.RootElement.GetProperty("id").GetString()!;
        if (_known.Add(key))
        {
            var token = body.RootElement.GetProperty("data").GetProperty("token").GetString()!;
            if (!Heard.TryGetValue(token, out var types))
            {
                Heard.Add(token, types = []);
            }

            types.Add(body.RootElement.GetProperty("type").GetString()!);
        }

        return HttpStatusCode.OK;
    }

    private sealed class Handler(Endpoints endpoints, Lifeline life) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var world = endpoints.World;
            var status = await endpoints.Take(request);
            var isLost = world.Faults.Happens(world.Swarm.EndpointFails / 4);
            var answered = new TaskCompletionSource<HttpResponseMessage>();
            world.Timeline.After(isLost ? TimeSpan.FromSeconds(20) : world.Chance.Ms(1, 300), () => life.Deliver(() =>
                answered.TrySetResult(new HttpResponseMessage(status) { Content = new ByteArrayContent([]) })));
            return await answered.Task.WaitAsync(cancellationToken);
        }
    }

    private World World => world;
}
