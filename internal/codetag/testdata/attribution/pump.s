# goldthread:implements SRS-1 [[ | start | ]]
start:
    mov r0, #1 @ goldthread:implements SRS-2 [[ | start | ]]
# goldthread:implements SRS-3 [[ | stop | ]]
stop: nop
