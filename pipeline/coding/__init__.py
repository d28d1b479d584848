"""Codes partitions of articles in processes of their own, and outlives what an article does to them.

*Alone*: an article that raises, hangs, takes too much memory or crashes its process is set aside with the reason; all others are coded.
*No blame without proof*: what was in hand when a process died is coded again, one article at a time; only an article whose process
dies again is set aside. Where this process is killed itself, nobody is blamed, and the next run starts the partition anew.

shard         one partition, coded in this process
worker        a process that codes the partitions it is told
supervisor    starts workers, watches them, and starts them again
"""

from pipeline.coding.shard import coded_path, failed_articles, forget_failures, is_coded
from pipeline.coding.supervisor import code_shards

__all__ = ["code_shards", "coded_path", "failed_articles", "forget_failures", "is_coded"]
