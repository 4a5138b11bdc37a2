"""Calls from the serial port of a Siemens HiPath: columns of fixed width."""

from datetime import datetime, timezone

from quartx_call_logger.plugins import Record, SerialPlugin


class SiemensHipathSerial(SerialPlugin):
    def decode(self, data):
        return data.decode('ascii')

    def parse(self, data):
        kind = int(data[74:77])
        record = Record(
            kind,
            number=data[38:63].strip() or '000000000',
            line=int(data[16:19].strip() or 0),
            ext=int(data[22:25].strip() or 0),
        )
        if kind != Record.INCOMING:
            when = datetime.strptime(data[:16], '%d.%m.%y%H:%M:%S')
            record['date'] = when.astimezone(timezone.utc).isoformat()
            record['ring'] = data[25:30].strip()
            record['duration'] = data[30:38].strip()
        return record
