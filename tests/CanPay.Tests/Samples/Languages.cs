namespace CanPay.Tests.Samples;

public sealed class PhpSampleTests(PhpSampleTests.Shop shop) : SampleTests(shop), IClassFixture<PhpSampleTests.Shop>
{
    public sealed class Shop : SampleShop
    {
        protected override string Name => "php";

        protected override string[] Command => ["php", At("index.php")];

        protected override string[] Serve => ["php", "-S", $"127.0.0.1:{Port}", At("index.php")];
    }
}

public sealed class PythonSampleTests(PythonSampleTests.Shop shop) : SampleTests(shop), IClassFixture<PythonSampleTests.Shop>
{
    public sealed class Shop : SampleShop
    {
        protected override string Name => "python";

        protected override string[] Command => ["python3", At("shop.py")];
    }
}

public sealed class NodeSampleTests(NodeSampleTests.Shop shop) : SampleTests(shop), IClassFixture<NodeSampleTests.Shop>
{
    public sealed class Shop : SampleShop
    {
        protected override string Name => "node";

        protected override string[] Command => ["node", At("shop.mjs")];
    }
}

public sealed class JavaSampleTests(JavaSampleTests.Shop shop) : SampleTests(shop), IClassFixture<JavaSampleTests.Shop>
{
    public sealed class Shop : SampleShop
    {
        protected override string Name => "java";

        protected override string[] Command => ["java", At("Shop.java")];
    }
}

public sealed class GoSampleTests(GoSampleTests.Shop shop) : SampleTests(shop), IClassFixture<GoSampleTests.Shop>
{
    public sealed class Shop : SampleShop
    {
        private string _program = "";

        protected override string Name => "go";

        protected override string[] Command => [_program];

        protected override async Task Prepare(string folder)
        {
            _program = Path.Combine(folder, "shop");
            using var build = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("go", ["build", "-o", _program, "."])
            {
                WorkingDirectory = At("."),
            })!;
            await build.WaitForExitAsync();
            Assert.Equal(0, build.ExitCode);
        }
    }
}

public sealed class CSharpSampleTests(CSharpSampleTests.Shop shop) : SampleTests(shop), IClassFixture<CSharpSampleTests.Shop>
{
    public sealed class Shop : SampleShop
    {
        protected override string Name => "csharp";

        protected override string[] Command => [Programs.MiniShop];
    }
}

public sealed class ShellSampleTests(ShellSampleTests.Shop shop) : SampleTests(shop), IClassFixture<ShellSampleTests.Shop>
{
    /// <summary>It serves nothing: what a web server would hand it, it takes from the command line.</summary>
    public sealed class Shop : SampleShop
    {
        protected override string Name => "curl";

        protected override string[] Command => ["bash", At("shop.sh")];

        internal override Task Restart() => Task.CompletedTask;

        internal override async Task<(Uri? Page, string Error)> Buy()
        {
            var said = (await Run("pay")).Trim();
            // Not a page: markup in it is text.
            return Uri.TryCreate(said, UriKind.Absolute, out var page) ? (page, "") : (null, said.Replace("<", "&lt;", StringComparison.Ordinal));
        }

        internal override async Task<bool> ComeBack(IReadOnlyDictionary<string, string> fields, bool get = false)
        {
            using var form = new FormUrlEncodedContent(fields);
            return !(await Run("callback", await form.ReadAsStringAsync())).Contains("پیدا نشد", StringComparison.Ordinal);
        }

        internal override async Task<string> Status(string invoice) => (await Run("status", invoice)).Trim();

        private protected override Task Start() => Task.CompletedTask;
    }
}
