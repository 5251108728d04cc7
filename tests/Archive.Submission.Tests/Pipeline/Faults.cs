using System.Reflection;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>When a call fails.</summary>
public enum Fault
{
    None,

    /// <summary>The call has no effect.</summary>
    Before,

    /// <summary>The call took effect, and its answer is lost.</summary>
    After,
}

/// <summary>A fault that a test put in.</summary>
public sealed class InjectedException(string call) : IOException($"Injected into {call}.");

/// <summary>Lets calls of any port fail as a test decides, call by call.</summary>
public sealed class Faults(Func<string, Fault> decide)
{
    private int injected;

    /// <summary>How many calls were made to fail.</summary>
    public int Injected => injected;

    /// <summary>The port with faults.</summary>
    public T Over<T>(T port)
        where T : class
    {
        var proxy = DispatchProxy.Create<T, Proxy>();
        ((Proxy)(object)proxy).Set(port, this);
        return proxy;
    }

    private Fault Next(string call)
    {
        var fault = decide(call);
        if (fault != Fault.None) Interlocked.Increment(ref injected);
        return fault;
    }

    public class Proxy : DispatchProxy
    {
        private object port = null!;
        private Faults faults = null!;

        public void Set(object inner, Faults by) => (port, faults) = (inner, by);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var call = targetMethod!.Name;
            var result = targetMethod.ReturnType;
            if (result == typeof(Task)) return RunAsync(call, () => (Task)Inner(targetMethod, args)!);
            var shape = result.IsGenericType ? result.GetGenericTypeDefinition() : null;
            if (shape == typeof(Task<>) || shape == typeof(IAsyncEnumerable<>))
                return typeof(Proxy).GetMethod(shape == typeof(Task<>) ? nameof(GiveAsync) : nameof(StreamAsync), BindingFlags.NonPublic | BindingFlags.Instance)!
                    .MakeGenericMethod(result.GetGenericArguments()[0]).Invoke(this, [call, targetMethod, args]);
            return Inner(targetMethod, args);
        }

        private object? Inner(MethodInfo method, object?[]? args)
        {
            try
            {
                return method.Invoke(port, args);
            }
            catch (TargetInvocationException e)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException!);
                throw;
            }
        }

        private async Task RunAsync(string call, Func<Task> run)
        {
            var fault = faults.Next(call);
            if (fault == Fault.Before) throw new InjectedException(call);
            await run();
            if (fault == Fault.After) throw new InjectedException(call);
        }

        private async Task<T> GiveAsync<T>(string call, MethodInfo method, object?[]? args)
        {
            var fault = faults.Next(call);
            if (fault == Fault.Before) throw new InjectedException(call);
            var given = await (Task<T>)Inner(method, args)!;
            if (fault == Fault.After) throw new InjectedException(call);
            return given;
        }

        private async IAsyncEnumerable<T> StreamAsync<T>(string call, MethodInfo method, object?[]? args)
        {
            var fault = faults.Next(call);
            if (fault == Fault.Before) throw new InjectedException(call);
            await foreach (var item in (IAsyncEnumerable<T>)Inner(method, args)!) yield return item;
            if (fault == Fault.After) throw new InjectedException(call);
        }
    }
}
