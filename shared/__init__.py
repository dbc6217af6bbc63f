"""What all five services share: the published language, delivery, storage, messaging, runtime.

Rule: nothing here imports a service.
"""
