"""All five services as processes, a real broker, real stores: the whole job, and its faults.

Rule: no test here is about time. After each fault the system comes to rest, and then everything
that was acknowledged must be there, once.
"""
