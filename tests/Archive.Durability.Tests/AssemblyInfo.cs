// Each test starts processes, kills them, and measures: two at once would starve each other.
[assembly: Microsoft.VisualStudio.TestTools.UnitTesting.DoNotParallelize]
