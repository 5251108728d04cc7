using System.Buffers.Binary;

namespace Archive.Demo.Images;

/// <summary>One plane of brightness values, drawn by adding soft shapes to it and read out as a camera would.</summary>
internal sealed class Canvas(int width, int height)
{
    private readonly float[] values = new float[width * height];

    public int Width => width;

    public int Height => height;

    public float this[int x, int y] => values[y * width + x];

    public Canvas Fill(float value)
    {
        Array.Fill(values, value);
        return this;
    }

    /// <summary>Uneven illumination: brightest at the given point, falling off to the corners.</summary>
    public Canvas Shade(float amplitude, float centreX, float centreY)
    {
        var reach = (float)(width * width + height * height);
        return Each((x, y) => amplitude * (1 - ((x - centreX) * (x - centreX) + (y - centreY) * (y - centreY)) / reach));
    }

    /// <summary>Slow waves over the whole plane: tissue, fibres, tinted backgrounds.</summary>
    public Canvas Waves(float amplitude, float lengthPixels, float angle, float phase)
    {
        var (sin, cos) = MathF.SinCos(angle);
        return Each((x, y) => amplitude * MathF.Sin((x * cos + y * sin) * MathF.Tau / lengthPixels + phase));
    }

    /// <summary>A point seen through a lens: a bell of the given deviation in pixels.</summary>
    public Canvas Spot(float centreX, float centreY, float sigmaPixels, float amplitude) =>
        Near(centreX, centreY, 3.5f * sigmaPixels, (dx, dy) => amplitude * MathF.Exp(-(dx * dx + dy * dy) / (2 * sigmaPixels * sigmaPixels)));

    /// <summary>A filled ellipse with an edge that fades over <paramref name="softness"/> of its radius.</summary>
    public Canvas Ellipse(Ellipse shape, float amplitude, float softness) =>
        Near(shape.CentreX, shape.CentreY, shape.Reach * (1 + softness), (dx, dy) => amplitude * Step((1 - shape.Radius(dx, dy)) / softness));

    /// <summary>Only the rim of an ellipse, as a membrane shows.</summary>
    public Canvas Rim(Ellipse shape, float amplitude, float thickness) =>
        Near(shape.CentreX, shape.CentreY, shape.Reach * (1 + 3 * thickness), (dx, dy) =>
        {
            var off = (shape.Radius(dx, dy) - 1) / thickness;
            return amplitude * MathF.Exp(-off * off / 2);
        });

    /// <summary>Shot noise that grows with the root of the brightness, and a camera's own noise.</summary>
    public Canvas Noise(Dice dice, float shot, float read)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] += dice.Bell() * shot * MathF.Sqrt(MathF.Max(0, values[i])) + dice.Bell() * read;
        return this;
    }

    /// <summary>16 bits a pixel, little endian, cut off at both ends.</summary>
    public byte[] ToGray16()
    {
        var bytes = new byte[values.Length * 2];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * 2), (ushort)Math.Clamp(values[i], 0, ushort.MaxValue));
        return bytes;
    }

    private static float Step(float x) => x <= 0 ? 0 : x >= 1 ? 1 : x * x * (3 - 2 * x);

    private Canvas Each(Func<float, float, float> value) => Near(width / 2f, height / 2f, width + height, (dx, dy) => value(dx + width / 2f, dy + height / 2f));

    private Canvas Near(float centreX, float centreY, float reach, Func<float, float, float> value)
    {
        var top = Math.Max(0, (int)(centreY - reach));
        var bottom = Math.Min(height - 1, (int)(centreY + reach + 1));
        var left = Math.Max(0, (int)(centreX - reach));
        var right = Math.Min(width - 1, (int)(centreX + reach + 1));
        for (var y = top; y <= bottom; y++)
            for (var x = left; x <= right; x++)
                values[y * width + x] += value(x - centreX, y - centreY);
        return this;
    }
}

/// <summary>An ellipse: centre and half axes in pixels, angle in radians.</summary>
internal sealed record Ellipse(float CentreX, float CentreY, float RadiusX, float RadiusY, float Angle)
{
    /// <summary>The distance from the centre beyond which nothing of it lies.</summary>
    public float Reach => MathF.Max(RadiusX, RadiusY);

    /// <summary>The distance from the centre in units of the rim: 1 on the rim, less inside.</summary>
    public float Radius(float dx, float dy)
    {
        var (sin, cos) = MathF.SinCos(Angle);
        var u = (dx * cos + dy * sin) / RadiusX;
        var v = (dy * cos - dx * sin) / RadiusY;
        return MathF.Sqrt(u * u + v * v);
    }

    /// <summary>The same ellipse with both half axes multiplied.</summary>
    public Ellipse Scaled(float factor) => this with { RadiusX = RadiusX * factor, RadiusY = RadiusY * factor };
}
