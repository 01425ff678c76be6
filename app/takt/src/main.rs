fn main() -> std::process::ExitCode {
    takt::main()
}
