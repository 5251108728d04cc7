namespace Archive.Api.Running;

/// <summary>The archive cannot start as it is set up. The message is one sentence for the operator; the process ends with code 2.</summary>
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
