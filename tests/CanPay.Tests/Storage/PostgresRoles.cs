using System.Globalization;
using CanPay.Gateway.Storage.Postgres;
using Npgsql;

namespace CanPay.Tests.Storage;

/// <summary>A new empty database with the three roles of an installation: owner of the tables, gateway, reader of reports.</summary>
/// <param name="Owner">Connection strings; of the reader the name, too.</param>
internal sealed record PostgresRoles(string Owner, string Gateway, string Reader, string ReaderName)
{
    private static int _count;

    /// <param name="schema">Made by hand before, as an operator does; the roles find it by their search path.</param>
    public static PostgresRoles Make(string? schema = null)
    {
        var server = PostgresServer.Instance;
        var database = server.NewDatabase(migrated: false);
        var number = Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);
        var (owner, gateway, reader) = ($"owner_{number}", $"gateway_{number}", $"reader-{number}");
        using var connection = new NpgsqlConnection(server.ConnectionString(database) + ";Pooling=false");
        connection.Open();
        PostgresServer.Execute(connection,
            $"""
            CREATE ROLE "{owner}" LOGIN; CREATE ROLE "{gateway}" LOGIN; CREATE ROLE "{reader}" LOGIN;
            ALTER DATABASE {database} OWNER TO "{owner}";
            {(schema is null ? "" : $"CREATE SCHEMA {schema} AUTHORIZATION \"{owner}\"")}
            """);
        return new PostgresRoles(As(owner), As(gateway), As(reader), reader);

        string As(string role) => server.ConnectionString(database, role) + (schema is null ? "" : $";Search Path={schema}");
    }

    /// <summary>With our tables in it and the rights given.</summary>
    public static PostgresRoles MakeReady(string? schema = null)
    {
        var roles = Make(schema);
        roles.Prepare().GetAwaiter().GetResult();
        return roles;
    }

    /// <summary>As a node does it that starts.</summary>
    public async Task Prepare()
    {
        await using var database = new PostgresDatabase(Gateway);
        await new PostgresEngine(database, Owner, ReaderName).Prepare(CancellationToken.None);
    }
}
