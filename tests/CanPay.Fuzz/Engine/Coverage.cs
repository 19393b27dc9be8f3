using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SharpFuzz.Common;

namespace CanPay.Fuzz.Engine;

/// <summary>The map into which instrumented assemblies count the edges that they pass. One for the process.</summary>
internal static unsafe class Coverage
{
    private const int Size = 1 << 16;
    private static readonly byte* Map = (byte*)NativeMemory.AlignedAlloc(Size, 64);

    /// <summary>Must come before any instrumented code runs.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Open()
    {
        Forget();
        Trace.SharedMem = Map;
    }

    public static void Forget()
    {
        NativeMemory.Clear(Map, Size);
        Trace.PrevLocation = 0;
    }

    /// <summary>An edge has two ends: each input begins at none.</summary>
    public static void Begin() => Trace.PrevLocation = 0;

    /// <summary>What the instrumentation does at an edge, for code of this program.</summary>
    public static void Pass(int edge) => Map[edge]++;

    /// <summary>Something was passed since <see cref="Forget"/> that is not among the seen.</summary>
    public static bool HasNew(EdgeSet seen)
    {
        for (var i = 0; i < Size; i += Vector256<byte>.Count)
        {
            if ((Vector256.Load(Map + i) & ~Vector256.Load(seen.Edges + i)) != Vector256<byte>.Zero)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What was passed since <see cref="Forget"/> counts as seen from now on.</summary>
    public static void AddTo(EdgeSet seen)
    {
        for (var i = 0; i < Size; i++)
        {
            if (Map[i] != 0 && seen.Edges[i] == 0)
            {
                seen.Edges[i] = 0xFF;
                seen.Count++;
            }
        }
    }

    /// <summary>Edges that were seen: all bits of their byte.</summary>
    public sealed class EdgeSet
    {
        public byte* Edges { get; } = (byte*)NativeMemory.AllocZeroed(Size);

        public int Count { get; set; }
    }
}
