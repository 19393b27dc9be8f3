namespace CanPay.Testing;

/// <summary>The executables, for tests that need processes of their own.</summary>
internal static class Programs
{
    public static string Gateway { get; } = Executable("CanPay.Gateway", "canpay");

    public static string Simulator { get; } = Executable("CanPay.Simulator", "canpay-simulator");

    /// <summary>The C# sample without the SDK.</summary>
    public static string MiniShop { get; } = Executable("MiniShop", "MiniShop");

    public static string Fuzz { get; } = Executable("CanPay.Fuzz", "CanPay.Fuzz");

    public static string Simulation { get; } = Executable("CanPay.Simulation", "CanPay.Simulation");

    public static string Faults { get; } = Executable("CanPay.Faults", "CanPay.Faults");

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    private static string Executable(string project, string name) =>
        Path.Combine(FindRoot(), "artifacts", "bin", project, new DirectoryInfo(AppContext.BaseDirectory).Name, name);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CanPay.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The repository was not found.");
        }

        return folder.FullName;
    }
}
