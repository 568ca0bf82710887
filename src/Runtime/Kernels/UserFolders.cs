namespace Moesaic.Kernels;

/// <summary>Folders of whoever runs the program.</summary>
internal static class UserFolders
{
    /// <summary><c>$XDG_CACHE_HOME</c>, else <c>~/.cache</c>: what may be deleted at any time.</summary>
    internal static string Cache
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (!string.IsNullOrEmpty(cache))
            {
                return cache;
            }

            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return home.Length == 0 ? Path.GetTempPath() : Path.Combine(home, ".cache");
        }
    }
}
