from turnero_server.cli import main

main()
