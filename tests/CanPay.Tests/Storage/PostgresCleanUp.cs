using CanPay.Tests.Storage;

[assembly: AssemblyFixture(typeof(PostgresCleanUp))]

namespace CanPay.Tests.Storage;

/// <summary>Deletes the servers that all tests share when the last test is over: a process that is ending has no time for it.</summary>
public sealed class PostgresCleanUp : IDisposable
{
    public void Dispose() => PostgresServer.DeleteShared();
}
