"""Many machines: sessions as workflows of Temporal, rooms and gradings as activities of the hosts that have room.

Placement, heartbeats, retries and the fence against late writes are Temporal's: a save counts once the server has taken
it with a heartbeat of the attempt that is current. Needs `pip install tenfold[temporal]`.
"""
